using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What the epochs of a run gave, as a CSV file: <c>metrics.csv</c>.</summary>
internal static class MetricsFile
{
    public static IReadOnlyList<EpochReport> Read(string path) => !File.Exists(path) ? [] : RunFolder.ReadText<List<EpochReport>>(
        path, "the metrics of a run", text =>
        {
            var lines = text.Split('\n', StringSplitOptions.TrimEntries);
            var names = lines[0].Split(',');
            var rows = lines.Index().Skip(1).Where(line => line.Item.Length > 0);
            return [.. rows.Select(line => Parse(names, line.Item.Split(','), path, line.Index + 1))];
        });

    internal static void Write(string path, IReadOnlyList<IEpochReport> epochs)
    {
        var header = string.Join(',', epochs[0].Columns.Select(column => column.Name));
        var text = string.Concat(epochs.Select(ToRow).Prepend(header).Select(line => line + "\n"));
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
    }

    internal static string ToRow(IEpochReport epoch) =>
        string.Join(',', epoch.Columns.Select(column => column.Value?.ToString(column.Format, CultureInfo.InvariantCulture)));

    // The columns are the properties of the report, as JSON names them.
    private static EpochReport Parse(string[] names, string[] cells, string path, int line)
    {
        var row = new JsonObject();
        foreach (var (name, text) in names.Zip(cells).Where(cell => cell.Second.Length > 0))
        {
            row[name] = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw new InvalidModelException(path, $"a number for {name} in line {line}", $"'{text}'");
        }

        try
        {
            return row.Deserialize<EpochReport>(PhotoMlJson.Line)!;
        }
        catch (JsonException)
        {
            throw new InvalidModelException(path, $"all figures of an epoch in line {line}", $"{row.Count} of them");
        }
    }
}

/// <summary>What one epoch gave, for <c>metrics.csv</c> and TensorBoard.</summary>
internal interface IEpochReport
{
    int Epoch { get; }
    double Seconds { get; }
    IReadOnlyList<ReportColumn> Columns { get; }
}

/// <summary>One figure of an epoch; null where it is unknown or no finite number.</summary>
internal readonly record struct ReportColumn(string Name, string? Tag, double? Value, string Format = "R")
{
    public double? Value { get; } = Value is { } value && double.IsFinite(value) ? value : null;
}
