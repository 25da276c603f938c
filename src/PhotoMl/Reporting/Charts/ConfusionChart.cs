using System.Xml.Linq;
using PhotoMl.Data;
using PhotoMl.Evaluation;

namespace PhotoMl.Reporting;

/// <summary>Draws a confusion matrix: the fuller the color of a cell, the larger the share of its row.</summary>
internal static class ConfusionChart
{
    /// <summary>The most cells that are drawn: a browser must open the page of a thousand classes too.</summary>
    public const int MostCells = 5000;

    private const int NameWidth = 120;
    private const int NameHeight = 110;
    private const int MostLetters = 15;
    private const int MostNumbered = 24;

    /// <summary>Draws a matrix; of more than 24 classes the cells bear no numbers, but still have them under a pointer.</summary>
    public static (XElement Drawing, int Missing) Draw(ConfusionMatrix matrix)
    {
        var names = matrix.ClassNames;
        var isNumbered = names.Count <= MostNumbered;
        var side = isNumbered ? 44 : Math.Max(6, 1000 / names.Count);
        var rows = matrix.ToRows().Select((counts, row) => (Row: row, Counts: counts, Total: counts.Sum()));
        var cells = rows.SelectMany(row => row.Counts.Select((count, column) => (row.Row, Column: column, Count: count, row.Total)))
            .Where(cell => isNumbered || cell.Count > 0)
            .ToList();
        var largest = cells.OrderByDescending(cell => cell.Count / Math.Max(cell.Total, 1.0)).Take(MostCells);
        var shown = largest.OrderBy(cell => (cell.Row, cell.Column));
        var drawing = Svg.Drawing(
            NameWidth + (side * names.Count) + 4,
            NameHeight + (side * names.Count) + 4,
            "How often each class (row) was predicted as each (column)",
            isNumbered ? null : Svg.Rectangle(NameWidth, NameHeight, side * names.Count, side * names.Count, "cell-background"),
            shown.Select(cell => DrawCell(names, cell, side, isNumbered)),
            side >= 12 ? names.Select((name, i) => DrawNames(name, i, side)) : null);
        return (drawing, Math.Max(0, cells.Count - MostCells));
    }

    private static XElement?[] DrawCell(
        IReadOnlyList<string> names, (int Row, int Column, long Count, long Total) cell, int side, bool isNumbered)
    {
        var (row, column, count, total) = cell;
        var share = total == 0 ? 0 : (double)count / total;
        var (x, y) = (NameWidth + (side * column), NameHeight + (side * row));
        var tip = Svg.Tip($"{names[row]} predicted as {names[column]}: {count} of {total} ({ReportText.Percent(share)})");
        var kind = row == column ? "cell cell-right" : "cell cell-wrong";

        // The root spreads what is rare: one error in a hundred must be seen.
        var rectangle = Svg.Rectangle(x, y, side - 1, side - 1, kind, Svg.Attribute("fill-opacity", Math.Sqrt(share)), tip);
        if (!isNumbered)
        {
            return [rectangle];
        }

        var (middle, baseline) = (x + (side / 2.0) - 0.5, y + (side / 2.0) + 4);
        var number = count > 0 ? $"{count}" : "";
        var text = Svg.Text(middle, baseline, number, "middle", share > 0.3 ? "number on-dark" : "number");
        return [Svg.Rectangle(x, y, side - 1, side - 1, "cell-background"), rectangle, count > 0 ? text : null];
    }

    private static XElement[] DrawNames(string name, int index, int side)
    {
        var (text, middle) = (ClassNameList.Shorten(name, MostLetters), (side * index) + (side / 2.0));
        var (x, y) = (NameWidth + middle + 4, NameHeight - 8.0);
        var above = Svg.Text(x, y, text);
        above.Add(new XAttribute("transform", $"rotate(-60 {x} {y})"));
        return [Svg.Text(NameWidth - 8, NameHeight + middle + 4, text, "end"), above];
    }
}
