namespace PhotoMl.Cli;

/// <summary>Finds what somebody who mistyped a word may have meant.</summary>
internal static class Suggestion
{
    private const int MostEdits = 2;

    // What words are called since version 0.1.
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["--weight-average"] = "--ema-decay",
        ["--best-by"] = "--monitor",
        ["--validation-share"] = "--val-fraction",
        ["--train-size"] = "--train-image-size",
        ["--separate"] = "--output-dir",
        ["--discriminator-rate"] = "--discriminator-lr",
        ["--least-confidence"] = "--min-confidence",
        ["--augment"] = "--augment-strength",
        ["whois"] = "verify",
    };

    /// <summary>Finds the word that is nearest.</summary>
    /// <returns>The word's new name, else one that begins as typed or can be made with two edits; null where there is none.</returns>
    public static string? Nearest(string typed, IReadOnlyCollection<string> words) =>
        Renamed.TryGetValue(typed, out var name) && words.Contains(name) ? name : words
            .Select(word => (Word: word, Edits: word.StartsWith(typed, StringComparison.Ordinal) ? 1 : CountEdits(typed, word)))
            .Where(candidate => candidate.Edits <= MostEdits && candidate.Edits < candidate.Word.Length)
            .OrderBy(candidate => candidate.Edits)
            .Select(candidate => candidate.Word)
            .FirstOrDefault();

    // Levenshtein's distance, row by row.
    private static int CountEdits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
