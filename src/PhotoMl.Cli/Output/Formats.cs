using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhotoMl.Cli.Output;

/// <summary>Results for programs.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiniteNumberConverter() },
    };

    /// <summary>Writes a document as one line of JSON.</summary>
    public static void Write(TextWriter output, object document) => output.WriteLine(JsonSerializer.Serialize(document, Options));

    // JSON has no NaN: a figure that does not exist is null.
    private sealed class FiniteNumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(double.IsFinite(value) ? JsonSerializer.Serialize(value) : "null");
    }
}

/// <summary>Results for spreadsheets, as RFC 4180 has them, and no field a formula.</summary>
internal static class CsvLine
{
    /// <summary>Writes one record.</summary>
    public static void Write(TextWriter output, IEnumerable<string> fields) => output.WriteLine(string.Join(',', fields.Select(Quote)));

    private static string Quote(string field)
    {
        field = ForeignText.Guard(field);
        return field.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? ForeignText.Quote(field) : field;
    }
}

/// <summary>Arguments as they are typed into a shell.</summary>
internal static class ShellWord
{
    /// <summary>Quotes a word if it needs it.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':' or '=' or '+')
            ? word
            : OperatingSystem.IsWindows() ? $"\"{word}\""
            : word.Any(char.IsControl) ? $"$'{string.Concat(word.Select(Escape))}'" // one line, as bash and zsh take it
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Escape(char c) => char.IsControl(c) ? $"\\u{(int)c:x4}" : c is '\'' or '\\' ? $"\\{c}" : $"{c}";
}
