using System.Text.RegularExpressions;

namespace PhotoMl.Data;

/// <summary>Reads delimited values as RFC 4180 has them, strictly but for spaces around quotes, and knows the line each record begins
/// on.</summary>
internal static class CsvReader
{
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read(string text, string path, char delimiter = ',')
    {
        // One field with its end. What begins with a quote is a quoted field, whether it ends as one or not.
        var one = new Regex(
            $@"\G(?:\ *""(?<quoted>(?>[^""]+|"""")*)(?<closed>""\ *)?|(?<plain>[^\r\n{Regex.Escape($"{delimiter}")}]*))"
                + $@"(?<end>{Regex.Escape($"{delimiter}")}|\r\n|[\r\n]|\z)?");
        for (var (at, line) = (0, 1); at < text.Length;)
        {
            var (first, fields) = (line, new List<string>());
            string end;
            do
            {
                var (match, where) = (one.Match(text, at), $"{path}, line {first}");
                if (match.Groups["quoted"].Success && !match.Groups["closed"].Success)
                {
                    throw new InvalidDatasetException(where, "a quote at the end of each quoted field", "the end of the file");
                }

                end = match.Groups["end"] is { Success: true } group ? group.Value : throw new InvalidDatasetException(
                    where, "a delimiter or the end of the line behind a quoted field", "something else");
                fields.Add(match.Groups["plain"].Value + match.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal));
                line += match.Value.Count(c => c == '\n') + (end == "\r" ? 1 : 0);
                at += match.Length;
            }
            while (end == $"{delimiter}");
            if (fields is not [var only] || !string.IsNullOrWhiteSpace(only))
            {
                yield return (first, fields);
            }
        }
    }
}
