namespace PhotoMl.Cli;

/// <summary>Finds what somebody who mistyped a word may have meant.</summary>
internal static class Suggestion
{
    private const int MostEdits = 2;

    /// <summary>Finds the word that is nearest.</summary>
    /// <returns>The word; null where none can be made with two edits, or one begins as typed.</returns>
    public static string? Nearest(string typed, IEnumerable<string> words) =>
        words
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
