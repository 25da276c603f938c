using System.Xml.Linq;

namespace PhotoMl.Reporting;

/// <summary>The parts of a page; whatever text they are given is shown as text.</summary>
internal static class Html
{
    public static XElement Section(string heading, params object?[] content) => new("section", new XElement("h2", heading), content);

    public static XElement Paragraph(string text) => new("p", text);

    public static XElement Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows) => Scrolling(new XElement(
        "table",
        new XElement("thead", new XElement("tr", headers.Select(header => new XElement("th", new XAttribute("scope", "col"), header)))),
        new XElement("tbody", rows.Select(row => new XElement("tr", row.Select((cell, column) => column == 0
            ? new XElement("th", new XAttribute("scope", "row"), cell)
            : new XElement("td", cell)))))));

    public static XElement Definitions(IEnumerable<(string Name, string Value)> entries) =>
        new("dl", entries.Select(entry => new[] { new XElement("dt", entry.Name), new XElement("dd", entry.Value) }));

    public static XElement Cards(IEnumerable<(string Figure, string Name, string Remark)> cards) => new(
        "ul",
        new XAttribute("class", "cards"),
        cards.Select(card =>
            new XElement("li", new XElement("strong", card.Figure), new XElement("span", card.Name), new XElement("small", card.Remark))));

    public static XElement Row(params object?[] content) => new("div", new XAttribute("class", "row"), content);

    public static XElement Scrolling(XElement content) => new("div", new XAttribute("class", "wide"), content);

    public static XElement Figure(XElement content, params object[] caption) => new("figure", content, new XElement("figcaption", caption));

    public static XElement Picture(byte[] png, string description) => new(
        "img",
        new XAttribute("src", "data:image/png;base64," + Convert.ToBase64String(png)),
        new XAttribute("alt", description),
        new XAttribute("loading", "lazy"));
}
