namespace PhotoMl.Cli.Output;

/// <summary>Columns that line up, on a terminal as in a file.</summary>
/// <param name="headings">The heading of each column; one that begins with <c>&gt;</c> is aligned to the right.</param>
internal sealed class TextTable(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [[.. headings.Select(heading => heading.TrimStart('>'))]];

    /// <summary>The width of the widest line.</summary>
    public int Width => Columns().Sum(column => WidthOf(column) + Gap.Length) - Gap.Length;

    /// <summary>Adds a row, each cell made <see cref="Text.Printable"/>.</summary>
    public void Add(params string[] cells) => _rows.Add(Array.ConvertAll(cells, Text.Printable));

    /// <summary>Writes the rows; a column in which no row has anything is left out.</summary>
    public void Write(TextWriter output, bool hasHeadings = true)
    {
        foreach (var line in Lines(hasHeadings))
        {
            output.WriteLine(line);
        }
    }

    /// <summary>The rows as lines of text.</summary>
    public IEnumerable<string> Lines(bool hasHeadings = true)
    {
        var columns = Columns().Select(column => (Index: column, Width: WidthOf(column), ToRight: headings[column].StartsWith('>')))
            .ToArray();
        return (hasHeadings ? _rows : _rows[1..]).Select(row => string.Join(Gap, columns.Select(column =>
            column.ToRight ? row[column.Index].PadLeft(column.Width) : row[column.Index].PadRight(column.Width))).TrimEnd());
    }

    private IEnumerable<int> Columns() =>
        Enumerable.Range(0, headings.Length).Where(column => _rows.Count == 1 || _rows.Skip(1).Any(row => row[column].Length > 0));

    private int WidthOf(int column) => _rows.Max(row => row[column].Length);
}
