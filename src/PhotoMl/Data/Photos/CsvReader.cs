using System.Text;

namespace PhotoMl.Data;

/// <summary>Reads delimited values as RFC 4180 has them, strictly but for spaces around quotes, and knows the line each record begins
/// on.</summary>
/// <remarks>Sep, which was tried, says nothing of a quote that never ends, and miscounts lines where a field holds a line break.</remarks>
internal sealed class CsvReader(TextReader reader, string path, char delimiter = ',')
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
        var isQuoted = false;
        for (var field = new StringBuilder(); ; field.Append((char)reader.Read()))
        {
            if (!isQuoted && reader.Peek() == '"' && string.IsNullOrWhiteSpace($"{field}"))
            {
                isQuoted = reader.Read() > 0;
                field.Clear();
            }

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
                case var next when !isQuoted && (next == delimiter || next is < 0 or '\r' or '\n'):
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
        int end;
        while ((end = reader.Read()) == ' ')
        {
            // Behind a quoted field.
        }

        if (end == '\r' && reader.Peek() == '\n')
        {
            reader.Read();
        }

        _line += end is '\r' or '\n' ? 1 : 0;
        return end == delimiter || (end is < 0 or '\r' or '\n'
            ? false
            : throw Fault(line, "a delimiter or the end of the line behind a quoted field", "something else"));
    }

    private InvalidDatasetException Fault(int line, string expected, string found) => new($"{path}, line {line}", expected, found);
}
