using PhotoMl.Quality;

namespace PhotoMl.Cli.Output;

/// <summary>What a check for shortcuts found, for people.</summary>
internal static class ShortcutText
{
    /// <summary>Writes how well each property predicts the class, and which values and classes go together.</summary>
    public static void Write(TextWriter output, IReadOnlyList<ShortcutFinding> findings, int width)
    {
        var above = findings.Where(found => found.IsAboveChance).ToList();
        var chance = findings.Select(found => Text.Percent(found.Chance)).FirstOrDefault();
        Text.WriteWrapped(
            output,
            findings.Count == 0 ? "Shortcuts: too few photos of too few classes to tell."
                : above.Count == 0 ? $"Shortcuts: no property predicts the class better than guessing, which is right in {chance}."
                : $"Shortcuts: what predicts the class better than guessing ({chance}), a network may learn in place of the subject. "
                    + "Whether it may, only you can tell.",
            width);
        if (findings.Count == 0)
        {
            return;
        }

        output.WriteLine();
        var table = new TextTable("Property alone", ">Balanced", ">95 % interval", "");
        foreach (var found in findings)
        {
            table.Add(
                found.Property, Text.Percent(found.Accuracy), $"{Text.Percent(found.Low)} to {Text.Percent(found.High)}",
                found.IsAboveChance ? "above chance" : "");
        }

        table.Write(output);
        foreach (var found in above)
        {
            output.WriteLine();
            output.WriteLine(Text.Shorten(found.Property, width));
            foreach (var example in found.Examples)
            {
                output.WriteLine(Text.Shorten($"  {Text.Printable(example)}", width));
            }
        }
    }
}
