using System.Globalization;
using System.Xml.Linq;

namespace PhotoMl.Reporting;

/// <summary>Draws a point for each of some things: what was chosen across, what came of it up.</summary>
internal static class ScatterChart
{
    private const int Width = 360;
    private const int Height = 230;
    private const int Left = 52;
    private const int Right = 14;
    private const int Top = 12;
    private const int Bottom = 40;

    private static readonly int[] Factors = [1, 2, 5];

    /// <summary>Draws points whose values across are numbers or words; a series has one color.</summary>
    public static XElement Draw(string title, IReadOnlyList<(string X, double Y, int Series, string Tip)> points)
    {
        var numbers = points.Select(point => double.TryParse(point.X, CultureInfo.InvariantCulture, out var x) ? x : double.NaN).ToArray();
        var words = numbers.Any(double.IsNaN) ? points.Select(point => point.X).Distinct().Order(StringComparer.Ordinal).ToList() : null;
        var isLogarithmic = words is null && numbers.Min() > 0 && numbers.Max() / numbers.Min() > 8;
        double[] across = words is null
            ? isLogarithmic ? Array.ConvertAll(numbers, Math.Log10) : numbers
            : [.. points.Select(point => (double)words.IndexOf(point.X))];
        var x = words is null ? ChartAxis.Around(across, Left, Width - Right) : new ChartAxis(-0.5, words.Count - 0.5, Left, Width - Right);
        var y = ChartAxis.Around(points.Select(point => point.Y), Height - Bottom, Top);
        var ticks = words is not null ? words.Select((word, index) => (At: (double)index, Label: word))
            : isLogarithmic ? Decades(numbers.Min(), numbers.Max()).Select(tick => (At: Math.Log10(tick), Label: $"{tick}"))
            : x.Ticks.Select(tick => (At: tick, Label: x.Label(tick)));
        return Svg.Drawing(
            Width,
            Height,
            title,
            y.Ticks.Select(tick => new[]
            {
                Svg.Line(Left, y.At(tick), Width - Right, y.At(tick), "grid"),
                Svg.Text(Left - 6, y.At(tick) + 4, y.Label(tick), "end"),
            }),
            ticks.Select(tick => Svg.Text(x.At(tick.At), Height - Bottom + 18, tick.Label, "middle")),
            Svg.Text((Left + Width - Right) / 2.0, Height - 6, title, "middle"),
            points.Zip(across, (point, at) => Svg.Circle(x.At(at), y.At(point.Y), 4, $"mark-{point.Series}", Svg.Tip(point.Tip))));
    }

    // 1, 2 and 5 times the powers of ten within a range.
    private static IEnumerable<double> Decades(double low, double high) =>
        from power in Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 2)
        from factor in Factors
        let tick = Math.Round(factor * Math.Pow(10, power), 12)
        where tick >= low && tick <= high
        select tick;
}
