using System.Text.RegularExpressions;

namespace PhotoMl;

/// <summary>Shows text that anybody may have written, such as the name of a class or a file.</summary>
internal static partial class ForeignText
{
    [GeneratedRegex(@"[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]"
        + @"|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]")]
    private static partial Regex Unprintable { get; }

    /// <summary>Makes question marks of line breaks, which forge a line, of what moves a terminal's cursor or turns the order of letters,
    /// and of what is no character.</summary>
    public static string Printable(string text) =>
        Unprintable.Replace(text, found => char.IsSurrogate(found.ValueSpan[0]) ? "\uFFFD" : "?");

    /// <summary>Puts an apostrophe before a field of a CSV file that a spreadsheet would take for a formula (OWASP, "CSV Injection"), and
    /// before one that begins with an apostrophe: a program that takes off the first apostrophe has the text itself.</summary>
    public static string Guard(string field) => IsGuarded(field) ? $"'{field}" : field;

    /// <summary>Makes a field of a CSV file.</summary>
    public static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Unguard(string field) => field is ['\'', .. var rest] && IsGuarded(rest) ? rest : field;

    private static bool IsGuarded(string field) => field is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\'', ..];
}
