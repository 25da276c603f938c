using System.Text;

namespace PhotoMl.Data;

/// <summary>Reads comma-separated values as RFC 4180 has them, strictly, and knows the line each record begins on.</summary>
/// <remarks>Sep, which was tried, takes a quote that never ends for the rest of the file without a word, and its line numbers are off where
/// a field holds a line break; a list of photos must name its own mistakes.</remarks>
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
                fields.Add(reader.Peek() == '"' ? ReadQuoted(line) : ReadPlain());
            }
            while (EndField(line));
            if (fields is not [var only] || !string.IsNullOrWhiteSpace(only))
            {
                yield return (line, fields);
            }
        }
    }

    private string ReadPlain()
    {
        var field = new StringBuilder();
        while (reader.Peek() is >= 0 and not (',' or '\r' or '\n') and var next)
        {
            Append(field, next);
            reader.Read();
        }

        return $"{field}";
    }

    private string ReadQuoted(int line)
    {
        var field = new StringBuilder();
        reader.Read();
        while (reader.Read() is >= 0 and var next)
        {
            if (next == '"')
            {
                if (reader.Peek() != '"')
                {
                    return $"{field}";
                }

                reader.Read();
            }

            _line += next == '\n' ? 1 : 0;
            Append(field, next);
        }

        throw Fault(line, "a quote at the end of each quoted field", "the end of the file");
    }

    private bool EndField(int line)
    {
        switch (reader.Read())
        {
            case ',':
                return true;
            case '\r':
                if (reader.Peek() == '\n')
                {
                    reader.Read();
                }

                _line++;
                return false;
            case '\n':
                _line++;
                return false;
            case < 0:
                return false;
            default:
                throw Fault(line, "a comma or the end of the line behind a quoted field", "something else");
        }
    }

    private void Append(StringBuilder field, int next)
    {
        if (field.Length == LongestField)
        {
            throw Fault(_line, "text in fields", $"a field of more than {LongestField} characters");
        }

        field.Append((char)next);
    }

    private InvalidDatasetException Fault(int line, string expected, string found) => new($"{path}, line {line}", expected, found);
}
