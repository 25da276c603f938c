using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>What a comparison of two classifiers, A and B, means, in a sentence.</summary>
internal static class Verdict
{
    // Below this share of cases luck is not held to be the cause.
    private const double Level = 0.05;

    /// <summary>Says which is better, or that it cannot be told.</summary>
    /// <remarks>A p-value is how often luck makes such a difference between classifiers that are equally good; it is not how probable it is that they are.</remarks>
    public static string Of(ClassifierComparison counts)
    {
        if (counts.OnlyFirst == counts.OnlySecond)
        {
            return counts.OnlyFirst == 0 ? "No difference: they are right about the very same images." : "No difference: they are right about equally many images.";
        }

        var better = counts.OnlyFirst > counts.OnlySecond ? "A" : "B";
        return counts.P < Level
            ? $"{better} is better: between two equally good ones a difference this large or larger would come by luck in {Cases(counts.P)} such comparisons."
            : $"No difference that luck would not explain: between two equally good ones one this large or larger would come by luck in {Cases(counts.P)} such comparisons.";
    }

    private static string Cases(double share) => share switch
    {
        < 0.001 => "fewer than 1 of 1,000",
        < 0.0095 => $"{1000 * share:F0} of 1,000",
        _ => $"{100 * share:F0} of 100",
    };
}
