using System.Text;
using System.Xml.Linq;

namespace PhotoMl.Reporting;

/// <summary>A page that is one file: it opens offline, and asks nothing of anyone.</summary>
internal static class HtmlPage
{
    // The browser itself is to fetch nothing and to run no script.
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

    public static string Render(string title, string subtitle, IEnumerable<XElement?> sections)
    {
        var head = new XElement(
            "head",
            new XElement("meta", new XAttribute("charset", "utf-8")),
            new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
            new XElement("meta", new XAttribute("http-equiv", "Content-Security-Policy"), new XAttribute("content", Policy)),
            new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
            new XElement("title", $"{title} – PhotoMl"),
            new XElement("style", "STYLE"));
        var body = new XElement(
            "body",
            new XElement("header", new XElement("h1", title), new XElement("p", subtitle)),
            new XElement("main", sections),
            new XElement("footer", $"Written by PhotoMl {typeof(HtmlPage).Assembly.GetName().Version?.ToString(3)}."));
        var page = new XElement("html", new XAttribute("lang", "en"), head, body);

        // HTML closes an empty element by itself only where it knows it as one; the parts of a drawing may be closed either way.
        foreach (var element in page.Descendants().Where(part => part.IsEmpty && part.Name.LocalName is not ("meta" or "img" or "br")))
        {
            element.Add("");
        }

        // A name may hold any character, and XML knows no control characters and no half ones.
        foreach (var text in page.DescendantNodes().OfType<XText>())
        {
            text.Value = ForeignText.Printable(text.Value);
        }

        foreach (var attribute in page.Descendants().Attributes())
        {
            attribute.Value = ForeignText.Printable(attribute.Value);
        }

        // Of all text in the page only the style sheet must not be escaped.
        using var style = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream("PhotoMl.Reporting.report.css")!);
        var html = page.ToString(SaveOptions.DisableFormatting);
        return "<!DOCTYPE html>\n" + html.Replace("<style>STYLE</style>", $"<style>{style.ReadToEnd()}</style>", StringComparison.Ordinal);
    }
}

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

/// <summary>The folder that a report is written into.</summary>
internal static class ReportFolder
{
    public const string PageName = "report.html";

    /// <summary>Makes the folder, if one is named, which must be apart from what is read: what takes long must not end with a folder that
    /// cannot be written.</summary>
    public static void Prepare(string? folder, Func<IEnumerable<string>> inputs)
    {
        if (folder is not null)
        {
            var path = Path.Combine(folder, PageName);
            OutputException.ThrowIfInput(path, inputs());
            AtomicFile.CreateFolder(folder);
            OutputException.ThrowIfNotWritable(path);
        }
    }

    public static string Write(string folder, string page)
    {
        AtomicFile.CreateFolder(folder);
        var path = Path.Combine(folder, PageName);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(page));
        return path;
    }
}
