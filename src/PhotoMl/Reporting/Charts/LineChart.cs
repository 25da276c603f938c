using System.Xml.Linq;

namespace PhotoMl.Reporting;

/// <summary>Draws how some figures change over the epochs.</summary>
internal static class LineChart
{
    private const int Width = 480;
    private const int Height = 270;
    private const int Left = 52;
    private const int Right = 12;
    private const int Top = 30;
    private const int Bottom = 40;
    private const int MostMarkers = 60;

    public static XElement Draw(string title, string across, params IReadOnlyList<(string Name, (double X, double Y)[] Points)> series)
    {
        var points = series.SelectMany(line => line.Points).ToArray();
        var first = points.Min(point => point.X);
        var x = new ChartAxis(first, Math.Max(points.Max(point => point.X), first + 1), Left, Width - Right);
        var y = ChartAxis.Around(points.Select(point => point.Y), Height - Bottom, Top);
        return Svg.Drawing(
            Width,
            Height,
            title,
            ChartAxis.Frame(x, y, x.Ticks.Where(double.IsInteger), across),
            series.Select((line, index) => DrawLine(line, index, x, y)),
            series.Select((line, index) => DrawLegend(line.Name, index, series.Take(index).Select(before => before.Name))));
    }

    private static IEnumerable<XElement> DrawLine((string Name, (double X, double Y)[] Points) line, int index, ChartAxis x, ChartAxis y)
    {
        // A line ends at a value that is no number, and the next begins after it.
        var gaps = 0;
        var known = line.Points.Select(point => (point, Part: double.IsFinite(point.Y) ? gaps : gaps++))
            .Where(entry => double.IsFinite(entry.point.Y)).ToArray();
        foreach (var part in known.GroupBy(entry => entry.Part, entry => entry.point).Where(part => part.Count() > 1))
        {
            yield return Svg.Path(part.Select(point => (x.At(point.X), y.At(point.Y))), $"line line-{index + 1}");
        }

        foreach (var (at, value) in known.Select(entry => entry.point).Where(_ => line.Points.Length <= MostMarkers))
        {
            var tip = Svg.Tip($"{line.Name}, {at}: {ReportText.Number(value)}");
            yield return Svg.Circle(x.At(at), y.At(value), 2.5, $"mark mark-{index + 1}", tip);
        }
    }

    private static IEnumerable<XElement> DrawLegend(string name, int index, IEnumerable<string> before)
    {
        const int MarkWidth = 26;
        const double LetterWidth = 7.5;
        var left = Left + before.Sum(other => MarkWidth + (LetterWidth * other.Length) + 14);
        yield return Svg.Line(left, 14, left + MarkWidth - 6, 14, $"line line-{index + 1}");
        yield return Svg.Text(left + MarkWidth, 18, name);
    }
}
