using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Puts the findings of a check into sentences, the most important first.</summary>
internal static class PhotoWarnings
{
    private const double NotableImbalance = 3;

    private static readonly DatasetSplits[] HeldOut = [DatasetSplits.Test, DatasetSplits.Validation];

    public static IEnumerable<string> Of(PhotoCheckReport report)
    {
        string[] sentences = [.. Splits(report), .. Photos(report)];

        // A file's name may hold line breaks.
        return sentences.Select(sentence => string.Concat(sentence.Select(c => char.IsControl(c) ? '?' : c)));
    }

    internal static (string Label, string One, string Many, string Pair) WordsOf(DuplicateKind kind) => kind switch
    {
        DuplicateKind.ExactCopy => ("COPY", "exact copy", "exact copies", "exact"),
        DuplicateKind.NearDuplicate => ("NEAR", "near duplicate", "near duplicates", "near"),
        _ => ("BURST", "burst", "bursts", "of a burst"),
    };

    internal static (string Label, string Adjective) WordsOf(QualityIssue issue) => issue switch
    {
        QualityIssue.WrongExtension => ("NAME", ""),
        QualityIssue.Tiny => ("TINY", "tiny"),
        QualityIssue.OneShade => ("ONE SHADE", "of one shade"),
        QualityIssue.NearlyBlack => ("BLACK", "nearly black"),
        QualityIssue.NearlyWhite => ("WHITE", "nearly white"),
        _ => ("BLUR", "perhaps blurred"),
    };

    private static IEnumerable<string> Splits(PhotoCheckReport report)
    {
        if (report.Unusable is { } reason)
        {
            yield return reason;
        }

        foreach (var split in HeldOut)
        {
            var leaks = report.Leaks.Where(pair => report.Photos[pair.First].Split == split).ToList();
            if (leaks.Count > 0)
            {
                var all = Count(report.Classes.Sum(entry => entry.In(split)), $"{Name(split)} photo");
                yield return $"{leaks.Count:N0} of {all} {Are(leaks.Count)} among those trained on or selected by ({Kinds(leaks)}), "
                    + "so scores on them are too high.";
            }
        }

        if (report.LabelConflicts.Count is > 0 and var conflicts)
        {
            yield return $"{Count(conflicts, "pair")} of the same photo {Are(conflicts)} there under two labels "
                + $"({Kinds(report.LabelConflicts)}); where it is the same, one label is wrong.";
        }

        if (Names(report.Classes.Where(entry => entry.Trainable == 0)) is { } without)
        {
            yield return $"{without} no readable photo to train on.";
        }

        foreach (var split in HeldOut.Where(split => report.Classes.Any(entry => entry.In(split) > 0)))
        {
            if (Names(report.Classes.Where(entry => entry.In(split) == 0)) is { } absent)
            {
                yield return $"{absent} no readable photo in {Name(split)}.";
            }
        }
    }

    private static IEnumerable<string> Photos(PhotoCheckReport report)
    {
        if (report.Unreadable is > 0 and var unreadable)
        {
            yield return $"{unreadable:N0} of {Count(report.Photos.Count, "photo")} cannot be read and {Are(unreadable)} skipped.";
        }

        if (report.Problems.Count is > 0 and var problems)
        {
            var (first, more) = (report.Problems[0], problems > 1 ? "; ..." : "");
            yield return $"{Count(problems, "path")} of the collection {Are(problems)} left out ({first.Path}: {first.Problem}{more}).";
        }

        foreach (var groups in report.Groups.GroupBy(group => group.Kind, group => group.Photos.Count))
        {
            var (photos, count) = (Count(groups.Sum(), "photo"), Count(groups.Count(), "group"));
            yield return $"{photos} form {count} of {WordsOf(groups.Key).Many}; a grouped split keeps each on one side.";
        }

        if (report.Imbalance >= NotableImbalance)
        {
            var classes = report.Classes.Where(entry => entry.Trainable > 0).OrderBy(entry => entry.Trainable).ToList();
            var (least, most) = (classes[0], classes[^1]);
            yield return $"Classes are uneven, {report.Imbalance:F1} to 1: {most.Name} has {Count(most.Trainable, "photo")} to train on, "
                + $"{least.Name} has {least.Trainable:N0}.";
        }

        var counts = report.Issues.CountBy(found => found.Issue).ToDictionary();
        if (counts.GetValueOrDefault(QualityIssue.WrongExtension) is > 0 and var wrong)
        {
            yield return $"{Count(wrong, "name")} {(wrong == 1 ? "ends" : "end")} in another format's extension; "
                + "content is what counts here, but other programs may stumble.";
        }

        var suspicious = counts.Where(entry => entry.Key > QualityIssue.WrongExtension).OrderBy(entry => entry.Key).ToList();
        if (suspicious.Sum(entry => entry.Value) is > 0 and var all)
        {
            var kinds = suspicious.Select(entry => $"{entry.Value:N0} {WordsOf(entry.Key).Adjective}");
            yield return $"{Count(all, "photo")} {Are(all)} suspicious: {string.Join(", ", kinds)}.";
        }
    }

    private static string Kinds(IReadOnlyList<(int First, int Second, DuplicateKind Kind, int Bits)> pairs)
    {
        var counts = pairs.CountBy(pair => pair.Kind).OrderBy(entry => entry.Key);
        return string.Join(", ", counts.Select(entry => $"{entry.Value:N0} {WordsOf(entry.Key).Pair}"));
    }

    private static string Name(DatasetSplits split) => split.ToString().ToLowerInvariant();

    private static string? Names(IEnumerable<PhotoClassCounts> classes)
    {
        var names = classes.Select(entry => entry.Name).ToList();
        var more = names.Count > 3 ? $" and {names.Count - 3:N0} more" : "";
        return names.Count == 0 ? null : $"{string.Join(", ", names.Take(3))}{more} {(names.Count == 1 ? "has" : "have")}";
    }

    private static string Count(int count, string thing) => $"{count:N0} {thing}{(count == 1 ? "" : "s")}";

    private static string Are(int count) => count == 1 ? "is" : "are";
}
