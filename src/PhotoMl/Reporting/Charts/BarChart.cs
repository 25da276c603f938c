using System.Xml.Linq;
using PhotoMl.Data;

namespace PhotoMl.Reporting;

/// <summary>Draws a number for each of some names as bars that lie.</summary>
internal static class BarChart
{
    private const int Width = 480;
    private const int RowHeight = 22;
    private const int NameWidth = 150;
    private const int NumberWidth = 60;
    private const int MostLetters = 20;

    public static XElement Draw(string title, IReadOnlyList<(string Name, double Value)> bars)
    {
        var most = Math.Max(bars.Max(bar => bar.Value), double.Epsilon);
        return Svg.Drawing(Width, RowHeight * bars.Count, title, bars.Select((bar, row) => Draw(bar, row * RowHeight, most)));
    }

    private static IEnumerable<XElement> Draw((string Name, double Value) bar, int top, double most)
    {
        var width = bar.Value / most * (Width - NameWidth - NumberWidth);
        yield return Svg.Text(NameWidth - 8, top + 15, ClassNameList.Shorten(bar.Name, MostLetters), "end");
        var tip = Svg.Tip($"{bar.Name}: {ReportText.Number(bar.Value)}");
        yield return Svg.Rectangle(NameWidth, top + 3, Math.Max(width, 1), RowHeight - 6, "bar", tip);
        yield return Svg.Text(NameWidth + width + 6, top + 15, ReportText.Number(bar.Value));
    }
}
