using PhotoMl.Quality;

namespace PhotoMl.Cli.Output;

/// <summary>What a check of labels found, for people.</summary>
internal static class LabelCheckText
{
    private const int Most = 10;

    /// <summary>Writes the estimate, the classes that are confused, and the most doubtful labels.</summary>
    public static void Write(TextWriter output, LabelCheckReport report, string set, int width)
    {
        var root = Directory.Exists(set) ? set : Path.GetDirectoryName(Path.GetFullPath(set))!;
        output.WriteLine();
        if (!report.IsBetterThanGuessing)
        {
            Text.WriteWrapped(
                output,
                "no estimate: the labels are not predicted clearly better than by guessing (balanced accuracy "
                    + $"{Text.Percent(report.BalancedAccuracy)}). More epochs, more images or a better model may help.",
                width, "        ", "Labels  ");
            return;
        }

        output.WriteLine(
            $"Labels  {report.EstimatedWrong:N0} of {report.Images:N0} estimated to be wrong (95 % interval "
            + $"{report.EstimatedLow:N0} to {report.EstimatedHigh:N0})");
        Text.WriteWrapped(
            output, $"{Text.Percent(report.Accuracy)} predicted as labeled; confident errors of the networks count as wrong labels", width,
            "        ");
        if (report.Flagged == 0)
        {
            return;
        }

        output.WriteLine();
        var table = new TextTable("Label", "Suggested", ">Images");
        foreach (var (label, suggested, count) in report.Confusions.Take(Most))
        {
            table.Add(Text.Shorten(Text.Printable(label), 24), Text.Shorten(Text.Printable(suggested), 24), $"{count:N0}");
        }

        table.Write(output);
        output.WriteLine();
        output.WriteLine("The most doubtful; whether a label is wrong, only you can tell");
        foreach (var label in report.Doubtful.Take(Math.Min(report.Flagged, Most)))
        {
            var said = Text.Printable($": {label.Label}, rather {label.Suggested} ({Text.Percent(label.SuggestedProbability)})");
            var path = label.Path is null ? $"image {label.Image}" : Path.GetRelativePath(root, label.Path);
            var name = Text.ShortenPath(Text.Printable(path), Math.Max(width / 2, width - 2 - said.Length));
            output.WriteLine(Text.Shorten($"  {name}{said}", width));
        }

        if (report.Flagged > Most)
        {
            output.WriteLine($"  and {report.Flagged - Most:N0} more; --csv or --json lists them all, --sheet FILE.png draws the first");
        }
    }
}
