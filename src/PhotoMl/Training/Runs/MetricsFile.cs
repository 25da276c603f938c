using System.Globalization;
using System.Text;
using PhotoMl.IO;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What the epochs of a run gave, as a CSV file: <c>metrics.csv</c>.</summary>
internal static class MetricsFile
{
    public static IReadOnlyList<EpochReport> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var lines = ReadLines(path);
        var columns = lines.FirstOrDefault("").Split(',').Index().ToDictionary(column => column.Item, column => column.Index);
        return [.. lines.Skip(1).Where(line => line.Length > 0).Select((line, index) => Parse(line.Split(','), columns, path, index + 2))];
    }

    internal static void Write(string path, IReadOnlyList<IEpochReport> epochs)
    {
        var header = string.Join(',', epochs[0].Columns.Select(column => column.Name));
        var rows = epochs.Select(ToRow);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(rows.Prepend(header).Select(line => line + "\n")))));
    }

    internal static string ToRow(IEpochReport epoch) =>
        string.Join(',', epoch.Columns.Select(column => column.Value?.ToString(column.Format, CultureInfo.InvariantCulture)));

    private static string[] ReadLines(string path)
    {
        try
        {
            return RegularFile.ReadAllText(path).Split('\n', StringSplitOptions.TrimEntries);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidModelException(path, "the metrics of a run", exception.Message);
        }
    }

    private static EpochReport Parse(string[] cells, Dictionary<string, int> columns, string path, int line)
    {
        return new EpochReport
        {
            Epoch = (int)Read("epoch"),
            TrainLoss = Read("train_loss"),
            TrainAccuracy = Read("train_accuracy"),
            ValidationLoss = Read("validation_loss"),
            ValidationAccuracy = Read("validation_accuracy"),
            ValidationBalancedAccuracy = string.IsNullOrEmpty(Cell("validation_balanced_accuracy")) ? null : Read("validation_balanced_accuracy"),
            LearningRate = Read("learning_rate"),
            Seconds = Read("seconds"),
            ImagesPerSecond = Read("images_per_second"),
        };

        string? Cell(string column) => columns.TryGetValue(column, out var i) && i < cells.Length ? cells[i] : null;

        double Read(string column)
        {
            var text = Cell(column);
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw new InvalidModelException(path, $"a number for {column} in line {line}", text is null ? "none" : $"'{text}'");
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

/// <summary>One figure of an epoch.</summary>
internal readonly record struct ReportColumn(string Name, string? Tag, double? Value, string Format = "R");
