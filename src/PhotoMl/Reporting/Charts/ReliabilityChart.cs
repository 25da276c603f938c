using System.Xml.Linq;
using PhotoMl.Evaluation;

namespace PhotoMl.Reporting;

/// <summary>Draws how often predictions are right against how probable they are said to be; good ones lie on the diagonal.</summary>
internal static class ReliabilityChart
{
    private const int Side = 320;
    private const int Margin = 44;

    public static XElement Draw(string title, IReadOnlyList<ReliabilityBin> bins)
    {
        var x = new ChartAxis(0, 1, Margin, Side - 10);
        var y = new ChartAxis(0, 1, Side - Margin, 10);
        return Svg.Drawing(
            Side,
            Side,
            title,
            ChartAxis.Frame(x, y, x.Ticks, "probability"),
            bins.Where(bin => bin.Images > 0).Select(bin => Svg.Rectangle(
                x.At(bin.Low) + 1,
                y.At(bin.Accuracy),
                x.At(bin.High) - x.At(bin.Low) - 2,
                Math.Max(y.At(0) - y.At(bin.Accuracy), 1),
                "bar",
                Svg.Tip(
                    $"{bin.Low:F2} to {bin.High:F2}: {bin.Images} predictions, "
                    + $"probability {ReportText.Percent(bin.Confidence)}, right {ReportText.Percent(bin.Accuracy)}"))),
            Svg.Line(x.At(0), y.At(0), x.At(1), y.At(1), "diagonal"),
            bins.Where(bin => bin.Images > 0).Select(bin => Svg.Circle(x.At(bin.Confidence), y.At(bin.Accuracy), 3, "mark mark-2")));
    }
}
