using System.Xml.Linq;

namespace PhotoMl.Reporting;

/// <summary>The parts that charts are drawn with; their colors are the page's, by class.</summary>
internal static class Svg
{
    /// <summary>A drawing that is as wide as there is room, at most as wide as it was made; the description is for who cannot see
    /// it.</summary>
    public static XElement Drawing(double width, double height, string description, params object?[] content) => new(
        "svg",
        new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
        new XAttribute("style", $"max-width:{Number(width)}px"),
        new XAttribute("role", "img"),
        new XAttribute("aria-label", description),
        content);

    public static XElement Line(double x1, double y1, double x2, double y2, string kind) =>
        new("line", Attribute("x1", x1), Attribute("y1", y1), Attribute("x2", x2), Attribute("y2", y2), new XAttribute("class", kind));

    public static XElement Rectangle(double x, double y, double width, double height, string kind, params object?[] content) => new(
        "rect",
        Attribute("x", x),
        Attribute("y", y),
        Attribute("width", width),
        Attribute("height", height),
        new XAttribute("class", kind),
        content);

    public static XElement Circle(double x, double y, double radius, string kind, params object?[] content) =>
        new("circle", Attribute("cx", x), Attribute("cy", y), Attribute("r", radius), new XAttribute("class", kind), content);

    public static XElement Path(IEnumerable<(double X, double Y)> points, string kind) => new(
        "path",
        new XAttribute("d", "M" + string.Join('L', points.Select(point => $"{Number(point.X)} {Number(point.Y)}"))),
        new XAttribute("class", kind));

    public static XElement Text(double x, double y, string text, string anchor = "start", string kind = "label") =>
        new("text", Attribute("x", x), Attribute("y", y), new XAttribute("text-anchor", anchor), new XAttribute("class", kind), text);

    public static XElement Tip(string text) => new("title", text);

    public static XAttribute Attribute(string name, double value) => new(name, Number(value));

    private static string Number(double value) => $"{Math.Round(value, 2)}";
}
