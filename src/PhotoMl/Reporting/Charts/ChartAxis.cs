using System.Globalization;
using System.Xml.Linq;

namespace PhotoMl.Reporting;

/// <summary>One direction of a chart: which values lie where, and which are named.</summary>
internal readonly record struct ChartAxis(double Low, double High, double Start, double End)
{
    private const int MostTicks = 6;

    private static readonly int[] StepFactors = [1, 2, 5, 10];

    /// <summary>An axis that holds some values, with round numbers at both ends.</summary>
    public static ChartAxis Around(IEnumerable<double> values, double start, double end)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        if (low == high)
        {
            (low, high) = (low - Math.Max(1e-6, Math.Abs(low) / 10), high + Math.Max(1e-6, Math.Abs(high) / 10));
        }

        var step = StepFor(high - low);
        return new ChartAxis(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, start, end);
    }

    /// <summary>The grid of a chart and the texts around it: values up and across, and what is across.</summary>
    public static IEnumerable<XElement> Frame(ChartAxis x, ChartAxis y, IEnumerable<double> ticks, string across) =>
        Frame(x, y, ticks.Select(tick => (tick, x.Label(tick))), across);

    public static IEnumerable<XElement> Frame(ChartAxis x, ChartAxis y, IEnumerable<(double At, string Label)> ticks, string across) =>
    [
        .. y.Ticks.SelectMany(tick => new[]
        {
            Svg.Line(x.Start, y.At(tick), x.End, y.At(tick), "grid"),
            Svg.Text(x.Start - 6, y.At(tick) + 4, y.Label(tick), "end"),
        }),
        .. ticks.Select(tick => Svg.Text(x.At(tick.At), y.Start + 18, tick.Label, "middle")),
        Svg.Text((x.Start + x.End) / 2, y.Start + 34, across, "middle"),
    ];

    public IReadOnlyList<double> Ticks
    {
        get
        {
            var step = StepFor(High - Low);
            var (first, last) = ((long)Math.Ceiling((Low / step) - 1e-9), (long)Math.Floor((High / step) + 1e-9));
            return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
        }
    }

    public double At(double value) => Start + ((value - Low) / (High - Low) * (End - Start));

    /// <summary>How a named value is written, with no more digits than its neighbors differ by.</summary>
    public string Label(double tick)
    {
        var digits = Math.Clamp((int)Math.Ceiling(-Math.Log10(StepFor(High - Low)) - 1e-9), 0, 12);
        return tick.ToString($"N{digits}", CultureInfo.InvariantCulture);
    }

    // The smallest of 1, 2 and 5 times a power of ten that divides a range into few enough parts.
    private static double StepFor(double range)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / MostTicks)));
        return StepFactors.Select(factor => factor * power).First(step => range / step <= MostTicks + 1e-9);
    }
}
