using System.Text.RegularExpressions;

namespace PhotoMl.Data;

/// <summary>Reads delimited values as RFC 4180 has them, strictly but for spaces around quotes, and knows the line each record begins
/// on.</summary>
/// <remarks>Sep, which was tried, says nothing of a quote that never ends, and miscounts lines where a field holds a line break.</remarks>
internal sealed class CsvReader(TextReader reader, string path, char delimiter = ',')
{
    // One field with its end. What begins with a quote is a quoted field, whether it ends as one or not.
    private readonly Regex _field = new(
        $@"\G(?:\ *""(?<quoted>(?>[^""]+|"""")*)(?<closed>""\ *)?|(?<plain>[^\r\n{Regex.Escape($"{delimiter}")}]*))"
            + $@"(?:(?<next>{Regex.Escape($"{delimiter}")})|(?<end>\r\n|[\r\n]|\z))?");

    public IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read()
    {
        var text = reader.ReadToEnd();
        for (var (at, line) = (0, 1); at < text.Length;)
        {
            var (first, fields) = (line, new List<string>());
            Match match;
            do
            {
                match = _field.Match(text, at);
                if (match.Groups["quoted"].Success && !match.Groups["closed"].Success)
                {
                    throw Fault(first, "a quote at the end of each quoted field", "the end of the file");
                }

                if (!match.Groups["next"].Success && !match.Groups["end"].Success)
                {
                    throw Fault(first, "a delimiter or the end of the line behind a quoted field", "something else");
                }

                fields.Add(match.Groups["plain"].Value + match.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal));
                line += match.Value.Count(c => c == '\n') + (match.Groups["end"].Value == "\r" ? 1 : 0);
                at += match.Length;
            }
            while (match.Groups["next"].Success);
            if (fields is not [var only] || !string.IsNullOrWhiteSpace(only))
            {
                yield return (first, fields);
            }
        }
    }

    private InvalidDatasetException Fault(int line, string expected, string found) => new($"{path}, line {line}", expected, found);
}
