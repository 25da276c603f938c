using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Output;

/// <summary>What a check of photos found, for people.</summary>
internal sealed class PhotoCheckText(PhotoCheckReport report, int width)
{
    private const int Most = 10;
    private const int LongestName = 24;

    private static readonly DatasetSplits[] Splits =
        [DatasetSplits.None, DatasetSplits.Train, DatasetSplits.Validation, DatasetSplits.Test];

    /// <summary>Writes the classes, the warnings, and the photos that they speak of.</summary>
    public void Write(TextWriter output, string? sheet, IReadOnlyList<(int Photo, string Label, string Reason)> tiles)
    {
        var rate = report.Photos.Count / Math.Max(report.Duration.TotalSeconds, 1e-3);
        output.WriteLine($"Folder  {Text.ShortenPath(Text.Printable(report.Source), width - 8)}");
        output.WriteLine(
            $"Photos  {report.Photos.Count:N0} in {report.Classes.Count:N0} {(report.Classes.Count == 1 ? "class" : "classes")}, checked "
            + $"in {Text.Duration(report.Duration)} ({rate:F0} a second)");
        output.WriteLine();
        Classes().Write(output);
        WriteWarnings(output);
        WritePairs(output, "Held out = trained on or selected by", report.Leaks, withLabels: false);
        WritePairs(output, "The same photo under two labels", report.LabelConflicts, withLabels: true);
        WriteIssues(output, "Unreadable", issue => issue == QualityIssue.Unreadable);
        WriteList(output, "Left out", report.Problems, problem => Lines(Relative(problem.Path), problem.Problem ?? ""));
        WriteGroups(output, "Exact copies", DuplicateKind.ExactCopy);
        WriteGroups(output, "Near duplicates", DuplicateKind.NearDuplicate);
        WriteGroups(output, "Bursts", DuplicateKind.Burst);
        WriteIssues(output, "Names that end in another format's extension", issue => issue == QualityIssue.WrongExtension);
        WriteIssues(output, "Suspicious; whether they are as intended, only you can tell", issue => issue > QualityIssue.WrongExtension);
        output.WriteLine();
        WriteSheet(output, sheet, tiles);
        output.WriteLine(report.IsUsable ? "Usable" : "Not usable");
    }

    private TextTable Classes()
    {
        var splits = Splits.Where(split => report.Classes.Any(entry => entry.In(split) > 0)).ToArray();
        var table =
            new TextTable(["Class", .. splits.Select(split => split == DatasetSplits.None ? ">Photos" : $">{split}"), ">Unreadable"]);
        foreach (var entry in report.Classes)
        {
            var name = Text.Shorten(Text.Printable(entry.Name), LongestName);
            table.Add([name, .. splits.Select(split => $"{entry.In(split):N0}"), entry.Unreadable > 0 ? $"{entry.Unreadable:N0}" : ""]);
        }

        var unreadable = report.Unreadable > 0 ? $"{report.Unreadable:N0}" : "";
        table.Add(["all", .. splits.Select(split => $"{report.Classes.Sum(entry => entry.In(split)):N0}"), unreadable]);
        return table;
    }

    private void WriteWarnings(TextWriter output)
    {
        output.WriteLine();
        foreach (var warning in report.Warnings.DefaultIfEmpty("Nothing stands out."))
        {
            Text.WriteWrapped(output, warning, width, "  ", report.Warnings.Count > 0 ? "- " : "  ");
        }
    }

    private void WritePairs(
        TextWriter output, string title, IReadOnlyList<(int First, int Second, DuplicateKind Kind, int Bits)> pairs, bool withLabels) =>
        WriteList(output, title, pairs, pair =>
        {
            var what = pair.Kind switch
            {
                DuplicateKind.ExactCopy => "exact copy",
                DuplicateKind.NearDuplicate => $"near, {pair.Bits} {(pair.Bits == 1 ? "bit" : "bits")} apart",
                _ => "of a burst",
            };
            return
            [
                Line("  ", pair.First, withLabels ? Label(pair.First) : ""),
                Line("    = ", pair.Second, withLabels ? $"{Label(pair.Second)}, {what}" : what),
            ];
        });

    private void WriteGroups(TextWriter output, string title, DuplicateKind kind) =>
        WriteList(output, title, [.. report.Groups.Where(group => group.Kind == kind)], group =>
        {
            var shown = group.Photos.Take(2).ToArray();
            var rest = group.Photos.Count - shown.Length;
            return [Line("  ", shown[0], ""), Line("    = ", shown[1], rest > 0 ? $"and {rest:N0} more" : "")];
        });

    private void WriteIssues(TextWriter output, string title, Func<QualityIssue, bool> isMeant) =>
        WriteList(output, title, [.. report.Issues.Where(found => isMeant(found.Issue))], found =>
            Lines(
                Relative(report.Photos[found.Photo].Path),
                found.Issue <= QualityIssue.WrongExtension ? found.Detail : $"{Name(found.Issue)}, {found.Detail}"));

    private static void WriteList<T>(TextWriter output, string title, IReadOnlyList<T> items, Func<T, string[]> lines)
    {
        if (items.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(title);
        foreach (var line in items.Take(Most).SelectMany(lines))
        {
            output.WriteLine(line);
        }

        if (items.Count > Most)
        {
            output.WriteLine($"  and {items.Count - Most:N0} more; --json lists them all");
        }
    }

    private void WriteSheet(TextWriter output, string? sheet, IReadOnlyList<(int Photo, string Label, string Reason)> tiles)
    {
        if (sheet is null)
        {
            if (report.Suspicious.Count > 0)
            {
                output.WriteLine("To see these photos side by side, add --sheet FILE.png");
            }

            return;
        }

        output.WriteLine(
            tiles.Count > 0
                ? $"{Text.Count(tiles.Count, "photo")} in {Text.Printable(sheet)}, numbered:"
                : $"{Text.Printable(sheet)} is not written: no photo is suspicious.");
        foreach (var tile in tiles)
        {
            output.WriteLine(Line($"  {tile.Label.Split(' ')[0],3} ", tile.Photo, ""));
        }
    }

    /// <summary>A path and what is said of it, on one line where there is room for both.</summary>
    private string[] Lines(string path, string detail)
    {
        var said = Text.Printable(detail);
        return 2 + path.Length + 2 + said.Length <= width
            ? [$"  {Text.Printable(path)}: {said}"]
            : [Line("  ", path, ""), .. Text.Wrap(said, width - 6).Select((line, index) => Text.Shorten(
                $"    {(index == 0 ? "" : "  ")}{line}", width))];
    }

    private string Line(string indent, int photo, string detail) => Line(indent, Relative(report.Photos[photo].Path), detail);

    /// <summary>One line within the width: the path gives way before what is said of it, for that is shorter and cannot be
    /// guessed.</summary>
    private string Line(string indent, string path, string detail)
    {
        var said = detail.Length > 0 ? $": {Text.Printable(detail)}" : "";
        var room = width - indent.Length;
        var shownPath = Text.ShortenPath(Text.Printable(path), Math.Max(room / 2, room - said.Length));
        return Text.Shorten($"{indent}{shownPath}{said}", width);
    }

    private string Label(int photo) => report.Photos[photo].Class;

    private string Relative(string path) => Path.GetRelativePath(
        Directory.Exists(report.Source) ? report.Source : Path.GetDirectoryName(Path.GetFullPath(report.Source))!, path);

    private static string Name(QualityIssue issue) =>
        issue == QualityIssue.Blurred ? "perhaps blurred" : Values.Word(issue).Replace('-', ' ');
}
