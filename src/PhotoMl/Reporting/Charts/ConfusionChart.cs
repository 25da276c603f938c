using System.Globalization;
using System.Xml.Linq;
using PhotoMl.Evaluation;

namespace PhotoMl.Reporting;

/// <summary>Draws a confusion matrix: the darker a cell, the larger the share of its row.</summary>
internal static class ConfusionChart
{
    private const int NameWidth = 120;
    private const int NameHeight = 110;
    private const int MostLetters = 15;
    private const int MostNumbered = 24;

    /// <summary>Draws a matrix; of more than 24 classes the cells bear no numbers, but still say them under a pointer.</summary>
    public static XElement Draw(ConfusionMatrix matrix)
    {
        var names = matrix.ClassNames;
        var isNumbered = names.Count <= MostNumbered;
        var side = isNumbered ? 44 : Math.Max(6, 1000 / names.Count);
        var all = Enumerable.Range(0, names.Count).ToArray();
        return Svg.Drawing(
            NameWidth + (side * names.Count) + 4,
            NameHeight + (side * names.Count) + 4,
            "How often each class (row) was taken for each (column)",
            all.SelectMany(row => all.Select(column => DrawCell(matrix, row, column, side, isNumbered))),
            side >= 12 ? all.Select(i => DrawNames(names[i], i, side)) : null);
    }

    private static XElement[] DrawCell(ConfusionMatrix matrix, int row, int column, int side, bool isNumbered)
    {
        var (count, total) = (matrix[row, column], Enumerable.Range(0, matrix.ClassNames.Count).Sum(other => matrix[row, other]));
        var share = total == 0 ? 0 : (double)count / total;
        var (x, y) = (NameWidth + (side * column), NameHeight + (side * row));
        var tip = Svg.Tip($"{matrix.ClassNames[row]} taken for {matrix.ClassNames[column]}: {count} of {total} ({ReportText.Percent(share)})");
        var kind = row == column ? "cell cell-right" : "cell cell-wrong";

        // The root spreads what is rare: one mistake in a hundred must be seen.
        var cell = Svg.Rectangle(x, y, side - 1, side - 1, kind, Svg.Attribute("fill-opacity", Math.Sqrt(share)), tip);
        if (!isNumbered || count == 0)
        {
            return [Svg.Rectangle(x, y, side - 1, side - 1, "cell-ground"), cell];
        }

        var number = Svg.Text(x + (side / 2.0) - 0.5, y + (side / 2.0) + 4, count.ToString(CultureInfo.InvariantCulture), "middle", share > 0.3 ? "number on-dark" : "number");
        return [Svg.Rectangle(x, y, side - 1, side - 1, "cell-ground"), cell, number];
    }

    private static XElement[] DrawNames(string name, int index, int side)
    {
        var (text, middle) = (ReportText.Shorten(name, MostLetters), (side * index) + (side / 2.0));
        var (x, y) = (NameWidth + middle + 4, NameHeight - 8.0);
        var above = Svg.Text(x, y, text);
        above.Add(new XAttribute("transform", FormattableString.Invariant($"rotate(-60 {x} {y})")));
        return [Svg.Text(NameWidth - 8, NameHeight + middle + 4, text, "end"), above];
    }
}
