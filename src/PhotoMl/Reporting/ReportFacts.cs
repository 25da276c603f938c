using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Reporting;

/// <summary>What a report says of a model, its training and the machine.</summary>
internal static class ReportFacts
{
    public static string NameOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Path.GetFileName(Path.GetFileName(path) == Path.GetFileName(RunFolder.ModelPathIn(folder)) ? folder : path);
    }

    public static IReadOnlyList<(string Name, string Value)> DescribeTraining(TrainingSummary? training) => training is null ? [] :
    [
        ("Data", training.Data),
        ("Training images", $"{training.TrainImages:N0}"),
        ("Epoch", $"{training.Epoch}"),
        ("PhotoMl", training.Version),
        .. training.Options is not { ValueKind: JsonValueKind.Object } options ? []
            : options.EnumerateObject()
                .Where(option => option.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object))
                .Select(option => ($"{char.ToUpperInvariant(option.Name[0])}{option.Name[1..].Replace('_', ' ')}", $"{option.Value}")),
    ];

    public static IReadOnlyList<(string Name, string Value)> DescribeMachine(Precision precision) =>
    [
        ("Processor", ProcessorFeatures.Name),
        ("Threads", $"{get_num_threads()}"),
        ("Precision", $"{precision}".ToLowerInvariant()),
        ("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}"),
    ];
}

/// <summary>How figures and names read in a report.</summary>
internal static class ReportText
{
    public static string Number(double value) => !double.IsFinite(value) ? "–"
        : value == Math.Round(value) ? $"{value:N0}"
        : value.ToString($"N{Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 8)}", CultureInfo.InvariantCulture);

    public static string Percent(double share) => $"{100 * share:F2} %";

    /// <summary>A 95 % interval of shares.</summary>
    public static string Interval(ConfidenceInterval interval) =>
        $"95 % interval {Percent(interval.Low)} to {Percent(interval.High)}";
}
