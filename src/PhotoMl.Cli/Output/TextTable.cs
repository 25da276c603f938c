using System.Text;

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
        var columns = Columns().Select(column => (Index: column, Width: WidthOf(column), ToRight: headings[column].StartsWith('>')))
            .ToArray();
        foreach (var row in hasHeadings ? _rows : _rows[1..])
        {
            var line = new StringBuilder();
            foreach (var (index, width, toRight) in columns)
            {
                line.Append(toRight ? row[index].PadLeft(width) : row[index].PadRight(width)).Append(Gap);
            }

            output.WriteLine(line.ToString().TrimEnd());
        }
    }

    private IEnumerable<int> Columns() =>
        Enumerable.Range(0, headings.Length).Where(column => _rows.Count == 1 || _rows.Skip(1).Any(row => row[column].Length > 0));

    private int WidthOf(int column) => _rows.Max(row => row[column].Length);
}
