using System.Text.RegularExpressions;

namespace PhotoMl;

/// <summary>Shows text that anybody may have written, such as the name of a class or a file.</summary>
internal static partial class ForeignText
{
    private const string Guarded = "=+-@\t\r'";

    [GeneratedRegex(@"[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]"
        + @"|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]")]
    private static partial Regex Unprintable { get; }

    /// <summary>Makes question marks of line breaks, which forge a line, of what moves a terminal's cursor or turns the order of letters,
    /// and of what is no character.</summary>
    public static string Printable(string text) => Unprintable.Replace(text, "?");

    /// <summary>A record of values, as RFC 4180 has them.</summary>
    /// <remarks>A field that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"), and so does one
    /// that begins with an apostrophe: a program that takes off the first apostrophe has the text itself.</remarks>
    public static string CsvLine(IEnumerable<string> fields) => string.Join(',', fields.Select(Quote));

    /// <summary>The text of a field of such a record.</summary>
    public static string FromCsv(string field) => field is ['\'', var first, ..] && Guarded.Contains(first) ? field[1..] : field;

    private static string Quote(string field)
    {
        field = field is [var first, ..] && Guarded.Contains(first) ? $"'{field}" : field;
        return field.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
    }
}
