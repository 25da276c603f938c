using System.Globalization;
using System.Xml.Linq;

namespace PhotoMl.Reporting;

/// <summary>Draws a point for each of some things: what was chosen across, what came of it up.</summary>
internal static class ScatterChart
{
    private const int Width = 360;
    private const int Height = 230;

    private static readonly int[] Factors = [1, 2, 5];

    /// <summary>Draws points whose values across are numbers or words; a series has one color.</summary>
    public static XElement Draw(string title, IReadOnlyList<(string X, double Y, int Series, string Tip)> points)
    {
        var numbers = points.Select(point => double.TryParse(point.X, CultureInfo.InvariantCulture, out var x) ? x : double.NaN).ToArray();
        var words = numbers.Any(double.IsNaN) ? points.Select(point => point.X).Distinct().Order(StringComparer.Ordinal).ToList() : null;
        var isLogarithmic = words is null && IsSkewed([.. numbers.Order()]);
        double[] across = words is not null ? [.. points.Select(point => (double)words.IndexOf(point.X))]
            : isLogarithmic ? Array.ConvertAll(numbers, Math.Log10) : numbers;
        const double Start = 52;
        const double End = Width - 14;
        var x = words is null ? ChartAxis.Around(across, Start, End) : new ChartAxis(-0.5, words.Count - 0.5, Start, End);
        var y = ChartAxis.Around(points.Select(point => point.Y), Height - 40, 12);
        var ticks = words is not null ? words.Select((word, index) => ((double)index, word))
            : isLogarithmic ? Decades(numbers.Min(), numbers.Max()).Select(tick => (Math.Log10(tick), $"{tick}"))
            : x.Ticks.Select(tick => (tick, x.Label(tick)));
        return Svg.Drawing(
            Width, Height, title, ChartAxis.Frame(x, y, ticks, title),
            points.Zip(across, (point, at) => Svg.Circle(x.At(at), y.At(point.Y), 4, $"mark-{point.Series}", Svg.Tip(point.Tip))));
    }

    // Half of the values lie in the lowest quarter of a range of about a decade or more.
    private static bool IsSkewed(double[] ordered) => ordered[0] > 0 && ordered[^1] > 8 * ordered[0]
        && ordered[ordered.Length / 2] < ordered[0] + ((ordered[^1] - ordered[0]) / 4);

    // 1, 2 and 5 times the powers of ten within a range.
    private static IEnumerable<double> Decades(double low, double high) =>
        from power in Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 2)
        from factor in Factors
        let tick = Math.Round(factor * Math.Pow(10, power), 12)
        where tick >= low && tick <= high
        select tick;
}
