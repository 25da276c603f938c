using System.Text;

namespace PhotoMl.Data;

/// <summary>Reads comma-separated values as RFC 4180 has them, strictly, and knows the line each record begins on.</summary>
/// <remarks>Sep, which was tried, says nothing of a quote that never ends, and miscounts lines where a field holds a line break.</remarks>
internal sealed class CsvReader(TextReader reader, string path)
{
    private const int LongestField = 1 << 20;

    private int _line = 1;

    public IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read()
    {
        while (reader.Peek() >= 0)
        {
            var line = _line;
            var fields = new List<string>();
            do
            {
                fields.Add(ReadField(line));
            }
            while (EndField(line));
            if (fields is not [var only] || !string.IsNullOrWhiteSpace(only))
            {
                yield return (line, fields);
            }
        }
    }

    private string ReadField(int line)
    {
        var isQuoted = reader.Peek() == '"' && reader.Read() > 0;
        for (var field = new StringBuilder(); ; field.Append((char)reader.Read()))
        {
            switch (reader.Peek())
            {
                case '"' when isQuoted:
                    reader.Read();
                    if (reader.Peek() != '"')
                    {
                        return $"{field}";
                    }

                    break;
                case < 0 when isQuoted:
                    throw Fault(line, "a quote at the end of each quoted field", "the end of the file");
                case < 0 or ',' or '\r' or '\n' when !isQuoted:
                    return $"{field}";
                case '\n':
                    _line++;
                    break;
            }

            if (field.Length == LongestField)
            {
                throw Fault(_line, "text in fields", $"a field of more than {LongestField} characters");
            }
        }
    }

    // Whether another field of the record follows.
    private bool EndField(int line)
    {
        var end = reader.Read();
        if (end == '\r' && reader.Peek() == '\n')
        {
            reader.Read();
        }

        _line += end is '\r' or '\n' ? 1 : 0;
        return end is < 0 or ',' or '\r' or '\n'
            ? end == ','
            : throw Fault(line, "a comma or the end of the line behind a quoted field", "something else");
    }

    private InvalidDatasetException Fault(int line, string expected, string found) => new($"{path}, line {line}", expected, found);
}
