using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Reporting;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>Adds what the command line knows of a model, its training and the machine to what a report tells.</summary>
internal static class ReportFacts
{
    /// <summary>Completes the report of a classifier.</summary>
    /// <param name="content">What judging the classifier gave.</param>
    /// <param name="path">The model file.</param>
    /// <param name="classifier">The classifier.</param>
    /// <param name="data">What it was judged by.</param>
    /// <param name="judged">The images of it.</param>
    /// <param name="problems">What a check of the data found.</param>
    public static ClassifierReportContent Complete(
        ClassifierReportContent content, string path, LoadedClassifier classifier, LoadedDataset data, EvaluationData judged, IReadOnlyList<string> problems)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return content with
        {
            Model = NameOf(path),
            Data = $"{data.Title}, {content.Report.Report.Images:N0} {judged.What}",
            Remarks = [.. new[] { judged.Remark, data.Notice }.OfType<string>()],
            History = MetricsFile.Read(Path.Combine(folder, "metrics.csv")),
            DataProblems = [.. problems, .. data.Skipped.Select(photo => $"{photo.Path}: {photo.Problem}")],
            Training = [.. DescribeTraining(classifier.Info.Training)],
            Environment = [("Network", DescribeNetwork(classifier.Model.Options)), .. DescribeMachine(classifier.Model.Precision)],
        };
    }

    /// <summary>What a model is called: the folder of its run, or its file.</summary>
    public static string NameOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Path.GetFileName(path) == Path.GetFileName(RunFolder.ModelPathIn(folder)) ? Path.GetFileName(folder) : Path.GetFileName(path);
    }

    /// <summary>How a model was trained: names and values.</summary>
    public static IEnumerable<(string Name, string Value)> DescribeTraining(TrainingSummary? summary)
    {
        if (summary is not { } training)
        {
            yield break;
        }

        yield return ("Data", training.Data);
        yield return ("Training images", training.TrainImages.ToString("N0", CultureInfo.InvariantCulture));
        yield return ("Epoch", $"{training.Epoch}");
        yield return ("PhotoMl", training.Version);
        if (training.Options is { ValueKind: JsonValueKind.Object } options)
        {
            foreach (var option in options.EnumerateObject().Where(option => option.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object)))
            {
                yield return (Capitalize(option.Name.Replace('_', ' ')), option.Value.ToString());
            }
        }
    }

    /// <summary>Where a model was judged: names and values.</summary>
    public static IEnumerable<(string Name, string Value)> DescribeMachine(Precision precision)
    {
        yield return ("Processor", Runtime.ProcessorFeatures.Name);
        yield return ("Threads", $"{TorchSharp.torch.get_num_threads()}");
        yield return ("Precision", $"{precision}".ToLowerInvariant());
        yield return ("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    private static string DescribeNetwork(ClassifierOptions network) =>
        $"{network.Architecture}, {network.Channels} x {network.Height} x {network.Width} (channels, height, width)".ToLowerInvariant();

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
