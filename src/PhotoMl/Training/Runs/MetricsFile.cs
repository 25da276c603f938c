using System.Globalization;
using PhotoMl.IO;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Reads what the epochs of a classifier's run gave back from its <c>metrics.csv</c>.</summary>
public static class MetricsFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The epochs in their order; none where there is no such file.</returns>
    /// <exception cref="InvalidModelException">It cannot be read, or is not the file of a classifier.</exception>
    public static IReadOnlyList<EpochReport> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            return [];
        }

        var lines = ReadLines(path);
        var columns = lines.FirstOrDefault("").Split(',').Index().ToDictionary(column => column.Item, column => column.Index);
        return [.. lines.Skip(1).Where(line => line.Length > 0).Select((line, index) => Parse(line.Split(','), columns, path, index + 2))];
    }

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
        return new EpochReport(
            (int)Read("epoch"),
            Read("train_loss"),
            Read("train_accuracy"),
            Read("validation_loss"),
            Read("validation_accuracy"),
            Read("learning_rate"),
            Read("seconds"),
            Read("images_per_second"),
            columns.TryGetValue("validation_balanced_accuracy", out var at) && at < cells.Length && cells[at].Length > 0 ? Read("validation_balanced_accuracy") : null);

        double Read(string column)
        {
            var text = columns.TryGetValue(column, out var i) && i < cells.Length ? cells[i] : null;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw new InvalidModelException(path, $"a number for {column} in line {line}", text is null ? "none" : $"'{text}'");
        }
    }
}
