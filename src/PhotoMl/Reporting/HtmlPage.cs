using System.Xml;
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
        var page = WithLegalText(WithEndTags(new XElement("html", new XAttribute("lang", "en"), head, body)));
        var html = page.ToString(SaveOptions.DisableFormatting);

        // Of all text in the page only the style sheet must not be escaped.
        return "<!DOCTYPE html>\n" + html.Replace("<style>STYLE</style>", $"<style>{ReadStyle()}</style>", StringComparison.Ordinal);
    }

    // HTML closes an empty element by itself only where it knows it as one; the parts of a drawing may be closed either way.
    private static XElement WithEndTags(XElement root)
    {
        var empty = root.DescendantsAndSelf().Where(element => element.IsEmpty);
        foreach (var element in empty.Where(element => element.Name.LocalName is not ("meta" or "img" or "br")))
        {
            element.Add("");
        }

        return root;
    }

    // A name may hold any character, and XML knows no control characters and no half ones.
    private static XElement WithLegalText(XElement root)
    {
        foreach (var text in root.DescendantNodes().OfType<XText>())
        {
            text.Value = Legal(text.Value);
        }

        foreach (var attribute in root.DescendantsAndSelf().Attributes())
        {
            attribute.Value = Legal(attribute.Value);
        }

        return root;
    }

    private static string Legal(string text) => text.All(XmlConvert.IsXmlChar)
        ? text
        : string.Concat(text.EnumerateRunes().Select(rune => rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "?" : $"{rune}"));

    private static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream("PhotoMl.Reporting.report.css")!);
        return reader.ReadToEnd();
    }
}
