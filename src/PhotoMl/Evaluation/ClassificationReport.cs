using PhotoMl.Data;

namespace PhotoMl.Evaluation;

/// <summary>The evaluation of a classifier on labelled images.</summary>
/// <param name="Confusion">How often each class was predicted as each.</param>
/// <param name="Loss">The mean cross-entropy in nats.</param>
/// <param name="Duration">How long the evaluation took.</param>
public sealed record ClassificationReport(ConfusionMatrix Confusion, double Loss, TimeSpan Duration)
{
    /// <summary>The number of images.</summary>
    public long Images => Confusion.Total;

    /// <summary>The share of images whose class was predicted, in [0, 1].</summary>
    public double Accuracy => (double)Confusion.Correct / Confusion.Total;

    /// <summary>The range in which the accuracy on any such images lies with 95 % confidence.</summary>
    public ConfidenceInterval AccuracyInterval => ConfidenceInterval.Wilson(Confusion.Correct, Confusion.Total);

    /// <summary>The mean recall of the classes that occur, in [0, 1]; a rare class counts as much as a frequent one.</summary>
    /// <remarks>K. Brodersen et al., "The balanced accuracy and its posterior distribution", ICPR 2010, for more than two classes as in
    /// scikit-learn.</remarks>
    public double BalancedAccuracy =>
        PerClass.Where(metrics => metrics.Support > 0).Select(metrics => metrics.Recall).DefaultIfEmpty().Average();

    /// <summary>Precision, recall, F1 and support of every class; a ratio with nothing below the line is 0, as in scikit-learn.</summary>
    public IReadOnlyList<ClassMetrics> PerClass { get; } = Confusion.PerClass();

    /// <summary>The classes that do not occur.</summary>
    public IReadOnlyList<string> AbsentClasses => [.. PerClass.Where(metrics => metrics.Support == 0).Select(metrics => metrics.Name)];

    /// <summary>Says which classes do not occur and are left out of balanced figures.</summary>
    /// <param name="images">What the images are called, such as <c>test images</c>.</param>
    /// <returns>A line without a full stop; null where all occur.</returns>
    public string? DescribeAbsentClasses(string images) =>
        ClassNameList.Describe(AbsentClasses, PerClass.Count, $"no {images}", "left out of balanced figures");
}

/// <summary>Precision, recall and F1 of one class.</summary>
public sealed record ClassMetrics
{
    /// <summary>The class.</summary>
    public required string Name { get; init; }

    /// <summary>Of the images predicted as this class, the share that are of it, in [0, 1].</summary>
    public required double Precision { get; init; }

    /// <summary>Of the images of this class, the share predicted as it, in [0, 1].</summary>
    public required double Recall { get; init; }

    /// <summary>The harmonic mean of precision and recall, in [0, 1].</summary>
    public required double F1 { get; init; }

    /// <summary>The number of images of this class.</summary>
    public required long Support { get; init; }
}
