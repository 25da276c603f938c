using PhotoMl.Data;
using static PhotoMl.PhotoMlException;
using Pairs = System.Collections.Generic.IReadOnlyList<(int First, int Second, PhotoMl.Quality.DuplicateKind Kind, int Bits)>;

namespace PhotoMl.Quality;

/// <summary>Puts the findings of a check into sentences, the most important first.</summary>
internal static class PhotoWarnings
{
    private const double NotableImbalance = 3;

    private static readonly DatasetSplits[] HeldOut = [DatasetSplits.Test, DatasetSplits.Validation];

    public static IEnumerable<string> Of(PhotoCheckReport report)
    {
        var (classes, conflicts, unreadable, problems) = (report.Classes, report.LabelConflicts, report.Unreadable, report.Problems);
        var uneven = classes.Where(entry => entry.Trainable > 0).OrderBy(entry => entry.Trainable).ToList();
        var wrong = report.Issues.Count(found => found.Issue == QualityIssue.WrongExtension);
        var suspicious = report.Issues.Where(found => found.Issue > QualityIssue.WrongExtension).ToList();
        var kinds = suspicious.CountBy(found => found.Issue).OrderBy(entry => entry.Key)
            .Select(entry => $"{entry.Value:N0} {WordsOf(entry.Key).Adjective}");
        string?[] sentences =
        [
            report.Unusable,
            .. HeldOut.Select(Leaks),
            conflicts.Count == 0 ? null
                : $"{Count(conflicts.Count, "pair")} of copies or near duplicates {(conflicts.Count == 1 ? "has" : "have")} two labels "
                + $"({Kinds(conflicts)}): where the photo is the same, one label is wrong.",
            Without("to train on", entry => entry.Trainable),
            .. HeldOut.Where(split => classes.Any(entry => entry.In(split) > 0))
                .Select(split => Without($"in {Name(split)}", entry => entry.In(split))),
            unreadable == 0 ? null
                : $"{unreadable:N0} of {Count(report.Photos.Count, "photo")} cannot be read and {Are(unreadable)} skipped.",
            problems.Count == 0 ? null : $"{Count(problems.Count, "path")} of the collection {Are(problems.Count)} left out "
                + $"({problems[0].Path}: {problems[0].Problem}{(problems.Count > 1 ? "; ..." : "")}).",
            .. report.Groups.GroupBy(group => group.Kind, group => group.Photos.Count).Select(groups =>
                $"{Count(groups.Sum(), "photo")} form {Count(groups.Count(), "group")} of {WordsOf(groups.Key).Many}; "
                + "a grouped split keeps each on one side."),
            report.Imbalance < NotableImbalance ? null : $"Classes are uneven, {report.Imbalance:F1} to 1: {uneven[^1].Name} has "
                + $"{Count(uneven[^1].Trainable, "photo")}, {uneven[0].Name} has {uneven[0].Trainable:N0}.",
            wrong == 0 ? null : $"{Count(wrong, "name")} {(wrong == 1 ? "ends" : "end")} in another format's extension; "
                + "content is what counts here, but other programs may stumble.",
            suspicious.Count == 0 ? null
                : $"{Count(suspicious.Count, "photo")} {Are(suspicious.Count)} suspicious: {string.Join(", ", kinds)}.",
            .. report.Remarks,
        ];

        return sentences.OfType<string>().Select(ForeignText.Printable);

        string? Leaks(DatasetSplits split)
        {
            var leaks = report.Leaks.Where(pair => report.Photos[pair.First].Split == split).ToList();
            var all = Count(classes.Sum(entry => entry.In(split)), $"{Name(split)} photo");
            return leaks.Count == 0 ? null : $"{leaks.Count:N0} of {all} {Are(leaks.Count)} among those trained on or selected by "
                + $"({Kinds(leaks)}), so scores on them are too high.";
        }

        string? Without(string purpose, Func<PhotoClassCounts, int> count)
        {
            var names = classes.Where(entry => count(entry) == 0).Select(entry => entry.Name).ToList();
            return names.Count == 0 ? null
                : $"{ClassNameList.Few(names, 5)} {(names.Count == 1 ? "has" : "have")} no readable photo {purpose}.";
        }
    }

    public static (string Label, string One, string Many, string Pair) WordsOf(DuplicateKind kind) => kind switch
    {
        DuplicateKind.ExactCopy => ("COPY", "exact copy", "exact copies", "exact"),
        DuplicateKind.NearDuplicate => ("NEAR", "near duplicate", "near duplicates", "near"),
        _ => ("BURST", "burst", "bursts", "of a burst"),
    };

    public static (string Label, string Adjective) WordsOf(QualityIssue issue) => issue switch
    {
        QualityIssue.WrongExtension => ("NAME", ""),
        QualityIssue.Tiny => ("TINY", "tiny"),
        QualityIssue.OneShade => ("ONE SHADE", "of one shade"),
        QualityIssue.NearlyBlack => ("BLACK", "nearly black"),
        QualityIssue.NearlyWhite => ("WHITE", "nearly white"),
        _ => ("BLUR", "perhaps blurred"),
    };

    private static string Kinds(Pairs pairs) => string.Join(", ", pairs.CountBy(pair => pair.Kind).OrderBy(entry => entry.Key)
        .Select(entry => $"{entry.Value:N0} {WordsOf(entry.Key).Pair}"));

    private static string Name(DatasetSplits split) => split.ToString().ToLowerInvariant();

    private static string Are(int count) => count == 1 ? "is" : "are";
}
