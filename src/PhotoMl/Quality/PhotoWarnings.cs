using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Puts the findings of a check into sentences.</summary>
internal static class PhotoWarnings
{
    private const double NotableImbalance = 3;

    private static readonly PhotoSplit[] Held = [PhotoSplit.Test, PhotoSplit.Validation];

    public static IEnumerable<string> Of(PhotoCheckReport report)
    {
        string[] sentences = [.. Unusable(report), .. Leaks(report), .. Conflicts(report), .. Missing(report), .. Unreadable(report), .. Repeats(report), .. Uneven(report), .. Looks(report)];
        return sentences.Select(OneLine);
    }

    private static IEnumerable<string> Unusable(PhotoCheckReport report) => report.Unusable is { } reason ? [reason] : [];

    private static IEnumerable<string> Leaks(PhotoCheckReport report)
    {
        foreach (var split in Held)
        {
            var leaks = report.Leaks.Where(pair => report.Photos[pair.First].Photo.Split == split).ToList();
            if (leaks.Count > 0)
            {
                var all = report.Classes.Sum(entry => entry.In(split));
                yield return $"{leaks.Count:N0} of {Photos(all, Name(split))} {Are(leaks.Count)} among those trained on or chosen by ({Kinds(leaks)}), so scores on them flatter.";
            }
        }
    }

    private static IEnumerable<string> Conflicts(PhotoCheckReport report)
    {
        if (report.LabelConflicts.Count is > 0 and var count)
        {
            yield return $"{Count(count, "pair")} of the same photo {Are(count)} there under two labels ({Kinds(report.LabelConflicts)}); where it is the same, one label is wrong.";
        }
    }

    private static IEnumerable<string> Missing(PhotoCheckReport report)
    {
        var present = report.Classes.Where(entry => entry.Trainable == 0).Select(entry => entry.Name).ToList();
        if (present.Count > 0)
        {
            yield return $"{Names(present)} {(present.Count == 1 ? "has" : "have")} no readable photo to train on.";
        }

        foreach (var split in Held.Where(split => report.Classes.Any(entry => entry.In(split) > 0)))
        {
            var absent = report.Classes.Where(entry => entry.In(split) == 0).Select(entry => entry.Name).ToList();
            if (absent.Count > 0)
            {
                yield return $"{Names(absent)} {(absent.Count == 1 ? "has" : "have")} no readable photo in {Name(split)}.";
            }
        }
    }

    private static IEnumerable<string> Unreadable(PhotoCheckReport report)
    {
        if (report.Unreadable is > 0 and var count)
        {
            yield return $"{count:N0} of {Photos(report.Photos.Count)} cannot be read and {Are(count)} skipped.";
        }

        if (report.Problems.Count is > 0 and var problems)
        {
            yield return $"{Count(problems, "path")} of the collection {Are(problems)} left out ({Text(report.Problems[0])}{(problems > 1 ? "; ..." : "")}).";
        }
    }

    private static IEnumerable<string> Repeats(PhotoCheckReport report)
    {
        foreach (var (likeness, what) in new[] { (PhotoLikeness.ExactCopy, "exact copies"), (PhotoLikeness.NearDuplicate, "near duplicates"), (PhotoLikeness.Burst, "bursts") })
        {
            var groups = report.Groups.Where(group => group.Likeness == likeness).ToList();
            if (groups.Count > 0)
            {
                yield return $"{Photos(groups.Sum(group => group.Photos.Count))} form {Count(groups.Count, "group")} of {what}; a grouped split keeps each on one side.";
            }
        }
    }

    private static IEnumerable<string> Uneven(PhotoCheckReport report)
    {
        if (report.Imbalance >= NotableImbalance)
        {
            var classes = report.Classes.Where(entry => entry.Trainable > 0).OrderBy(entry => entry.Trainable).ToList();
            yield return $"Classes are uneven, {report.Imbalance:F1} to 1: {classes[^1].Name} has {Photos(classes[^1].Trainable)} to train on, {classes[0].Name} has {classes[0].Trainable:N0}.";
        }
    }

    private static IEnumerable<string> Looks(PhotoCheckReport report)
    {
        var counts = report.Suspicions.CountBy(suspicion => suspicion.Fault).ToDictionary();
        if (counts.GetValueOrDefault(PhotoFault.WrongExtension) is > 0 and var wrong)
        {
            yield return $"{Count(wrong, "name")} {(wrong == 1 ? "ends" : "end")} in another format's extension; content is what counts here, but other programs may stumble.";
        }

        var looks = counts.Where(entry => entry.Key > PhotoFault.WrongExtension).OrderBy(entry => entry.Key).ToList();
        if (looks.Count > 0)
        {
            yield return $"{Photos(looks.Sum(entry => entry.Value))} {Are(looks.Sum(entry => entry.Value))} worth a look: {string.Join(", ", looks.Select(entry => $"{entry.Value:N0} {Name(entry.Key)}"))}.";
        }
    }

    private static string Kinds(IReadOnlyList<PhotoPair> pairs) => string.Join(", ", pairs.CountBy(pair => pair.Likeness).OrderBy(entry => entry.Key).Select(entry => entry.Key switch
    {
        PhotoLikeness.ExactCopy => $"{entry.Value:N0} exact",
        PhotoLikeness.NearDuplicate => $"{entry.Value:N0} near",
        _ => $"{entry.Value:N0} of a burst",
    }));

    private static string Name(PhotoSplit split) => split.ToString().ToLowerInvariant();

    private static string Name(PhotoFault fault) => fault switch
    {
        PhotoFault.Tiny => "tiny",
        PhotoFault.OneShade => "of one shade",
        PhotoFault.NearlyBlack => "nearly black",
        PhotoFault.NearlyWhite => "nearly white",
        _ => "perhaps blurred",
    };

    private static string Names(List<string> names) => string.Join(", ", names.Take(3)) + (names.Count > 3 ? $" and {names.Count - 3:N0} more" : "");

    private static string Text(ImageFileEntry entry) => $"{entry.Path}: {entry.Problem}";

    private static string Photos(int count, string kind = "") => Count(count, kind.Length > 0 ? $"{kind} photo" : "photo");

    private static string Count(int count, string thing) => $"{count:N0} {thing}{(count == 1 ? "" : "s")}";

    // A file's name may hold line breaks.
    private static string OneLine(string sentence) => string.Concat(sentence.Select(c => char.IsControl(c) ? '?' : c));

    private static string Are(int count) => count == 1 ? "is" : "are";
}
