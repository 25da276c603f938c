namespace PhotoMl.Cli.Tests;

/// <summary>A terminal in memory: what is written to it, as its user sees it.</summary>
/// <remarks>It knows the control sequences that progress needs (ECMA-48: CR, LF, CUU, CUF, CUB, EL, ED, SGR, and DEC's hidden cursor),
/// wraps lines, and fails on all others.</remarks>
internal sealed class TerminalScreen(int width) : TextWriter
{
    private readonly List<char[]> _rows = [];
    private readonly StringBuilder _sequence = new();
    private (int Row, int Column) _cursor;
    private bool _isControl;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Called after each text that was written.</summary>
    public Action<TerminalScreen>? Written { get; init; }

    /// <summary>The rows from the top to the last that is not blank.</summary>
    public string[] Rows
    {
        get
        {
            var rows = _rows.Select(row => new string(row).TrimEnd()).ToList();
            return [.. rows[..(rows.FindLastIndex(row => row.Length > 0) + 1)]];
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        foreach (var character in value ?? "")
        {
            Put(character);
        }

        Written?.Invoke(this);
    }

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void WriteLine(string? value) => Write(value + "\n");

    private void Put(char character)
    {
        if (_isControl)
        {
            _sequence.Append(character);
            if (_sequence.Length > 1 && char.IsBetween(character, '@', '~'))
            {
                Run(_sequence.ToString());
                _sequence.Clear();
                _isControl = false;
            }
        }
        else if (character == '\e')
        {
            _isControl = true;
        }
        else if (character is '\r' or '\n')
        {
            _cursor = character == '\r' ? (_cursor.Row, 0) : (_cursor.Row + 1, 0);
        }
        else
        {
            if (_cursor.Column == width)
            {
                _cursor = (_cursor.Row + 1, 0);
            }

            Row(_cursor.Row)[_cursor.Column++] = character;
        }
    }

    private void Run(string sequence)
    {
        var parameters = sequence[1..^1];
        var number = int.TryParse(parameters, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : (int?)null;
        var row = Row(_cursor.Row);
        switch ((sequence[0], sequence[^1]))
        {
            case ('[', 'A'):
                _cursor.Row = Math.Max(0, _cursor.Row - (number ?? 1));
                break;
            case ('[', 'J') when number is null or 0:
                row.AsSpan(Math.Min(_cursor.Column, width)).Fill(' ');
                _rows[(_cursor.Row + 1)..].ForEach(below => below.AsSpan().Fill(' '));
                break;
            default:
                throw new NotSupportedException($"The terminal of the tests does not know ESC {sequence}.");
        }
    }

    private char[] Row(int index)
    {
        while (_rows.Count <= index)
        {
            _rows.Add([.. Enumerable.Repeat(' ', width)]);
        }

        return _rows[index];
    }
}
