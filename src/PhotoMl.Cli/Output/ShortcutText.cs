using PhotoMl.Quality;

namespace PhotoMl.Cli.Output;

/// <summary>What a check for shortcuts found, for people.</summary>
internal static class ShortcutText
{
    /// <summary>Writes how well each property predicts the class, and which values and classes go together.</summary>
    public static void Write(TextWriter output, IReadOnlyList<ShortcutFinding> findings, int width)
    {
        var (above, perhaps) = (findings.Where(found => found.IsAboveChance).ToList(), findings.Where(IsPerhaps).ToList());
        output.WriteLine();
        Text.WriteWrapped(
            output,
            findings is not [var first, ..] ? "Shortcuts: too few photos of too few classes to tell."
                : above.Count == 0
                    ? $"Shortcuts: no property predicts the class clearly better than guessing ({Text.Percent(first.Chance)})."
                : $"Shortcuts: what predicts the class better than guessing ({Text.Percent(first.Chance)}), a network may learn in place "
                    + "of the subject. Whether it may, only you can tell.",
            width);
        Text.WriteWrapped(
            output,
            perhaps.Count == 0 ? null : "Those marked perhaps have an interval above guessing, as one property in forty has by chance, but "
                + "values and classes are not as clearly associated (4 standard deviations). More photos would tell.",
            width);
        if (findings.Count == 0)
        {
            return;
        }

        output.WriteLine();
        var table = new TextTable("Property alone", ">Balanced", ">95 % interval", "");
        foreach (var found in findings)
        {
            var interval = $"{Text.Percent(found.Low)} to {Text.Percent(found.High)}";
            var verdict = found.IsAboveChance ? "above chance" : IsPerhaps(found) ? "perhaps" : "";
            table.Add(found.Property, Text.Percent(found.Accuracy), interval, verdict);
        }

        table.Write(output);
        foreach (var found in above.Concat(perhaps))
        {
            output.WriteLine();
            output.WriteLine(found.Property);
            found.Examples.ToList().ForEach(example => output.WriteLine(Text.Shorten($"  {Text.Printable(example)}", width)));
        }
    }

    private static bool IsPerhaps(ShortcutFinding found) => !found.IsAboveChance && found.Low > found.Chance;
}
