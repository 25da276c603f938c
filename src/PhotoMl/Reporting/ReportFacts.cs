using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Reporting;

/// <summary>Completes a report by the model, its training and the machine.</summary>
internal static class ReportFacts
{
    public static ClassifierReportContent Complete(
        ClassifierReportContent content,
        string path,
        LoadedClassifier classifier,
        LoadedDataset data,
        EvaluationImages images,
        IReadOnlyList<string> problems)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return content with
        {
            Model = NameOf(path),
            Data = $"{data.Title}, {content.Report.Report.Images:N0} {images.What}",
            Remarks = [.. new[] { images.Remark, data.Notice, content.Report.Report.DescribeAbsentClasses(images.What) }.OfType<string>()],
            History = MetricsFile.Read(Path.Combine(folder, "metrics.csv")),
            DataProblems = [.. problems, .. data.Skipped.Select(photo => $"{photo.Path}: {photo.Problem}")],
            Training = [.. DescribeTraining(classifier.Info.Training)],
            Environment = [("Network", DescribeNetwork(classifier.Model.Options)), .. DescribeMachine(classifier.Model.Precision)],
        };
    }

    public static string NameOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Path.GetFileName(Path.GetFileName(path) == Path.GetFileName(RunFolder.ModelPathIn(folder)) ? folder : path);
    }

    public static IEnumerable<(string Name, string Value)> DescribeTraining(TrainingSummary? summary)
    {
        if (summary is not { } training)
        {
            yield break;
        }

        yield return ("Data", training.Data);
        yield return ("Training images", $"{training.TrainImages:N0}");
        yield return ("Epoch", $"{training.Epoch}");
        yield return ("PhotoMl", training.Version);
        if (training.Options is { ValueKind: JsonValueKind.Object } options)
        {
            var all = options.EnumerateObject();
            foreach (var option in all.Where(option => option.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object)))
            {
                yield return ($"{char.ToUpperInvariant(option.Name[0])}{option.Name[1..].Replace('_', ' ')}", option.Value.ToString());
            }
        }
    }

    public static IEnumerable<(string Name, string Value)> DescribeMachine(Precision precision)
    {
        yield return ("Processor", ProcessorFeatures.Name);
        yield return ("Threads", $"{TorchSharp.torch.get_num_threads()}");
        yield return ("Precision", $"{precision}".ToLowerInvariant());
        yield return ("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    private static string DescribeNetwork(ClassifierOptions network) =>
        $"{network.Architecture}, {network.Channels} x {network.Height} x {network.Width} (channels, height, width)".ToLowerInvariant();
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
