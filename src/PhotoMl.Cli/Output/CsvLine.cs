namespace PhotoMl.Cli.Output;

/// <summary>Results for spreadsheets, as RFC 4180 has them.</summary>
internal static class CsvLine
{
    /// <summary>Writes one record.</summary>
    public static void Write(TextWriter output, IEnumerable<string> fields) => output.WriteLine(string.Join(',', fields.Select(Quote)));

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
