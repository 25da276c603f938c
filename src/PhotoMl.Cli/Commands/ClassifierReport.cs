using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Reporting;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>Adds what the command line knows of a classifier, its training and the machine to what a report tells.</summary>
internal static class ClassifierReport
{
    /// <summary>Completes a report.</summary>
    /// <param name="content">What judging the classifier gave.</param>
    /// <param name="path">The model file.</param>
    /// <param name="classifier">The classifier.</param>
    /// <param name="data">What it was judged by.</param>
    /// <param name="judged">The images of it.</param>
    /// <param name="problems">What a check of the photos found; null where there were none to check.</param>
    public static ClassifierReportContent Complete(
        ClassifierReportContent content, string path, LoadedClassifier classifier, LoadedDataset data, EvaluationData judged, IReadOnlyList<string>? problems)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return content with
        {
            Model = Path.GetFileName(path) == Path.GetFileName(RunFolder.ModelPathIn(folder)) ? Path.GetFileName(folder) : Path.GetFileName(path),
            Data = $"{data.Title}, {content.Report.Images:N0} {judged.What}",
            Remarks = [.. new[] { judged.Remark, data.Notice }.OfType<string>()],
            History = MetricsFile.Read(Path.Combine(folder, "metrics.csv")),
            TrainCounts = data.HasTrain ? CountTraining(data.Train, classifier.Info.ClassNames) : [],
            DataProblems = problems is null && data.Skipped.Count == 0 ? null : [.. problems ?? [], .. data.Skipped.Select(photo => $"{photo.Path}: {photo.Problem}")],
            Training = [.. DescribeTraining(classifier)],
            Environment = [.. DescribeMachine(classifier)],
        };
    }

    private static int[] CountTraining(ImageDataset images, IReadOnlyList<string> classes) =>
        [.. classes.Select(name => images.ClassNames.ToList().IndexOf(name) is >= 0 and var index ? images.ClassCounts[index] : 0)];

    private static IEnumerable<(string Name, string Value)> DescribeTraining(LoadedClassifier classifier)
    {
        if (classifier.Info.Training is not { } training)
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

    private static IEnumerable<(string Name, string Value)> DescribeMachine(LoadedClassifier classifier)
    {
        var network = classifier.Model.Options;
        yield return ("Network", $"{network.Architecture}, {network.Channels} x {network.Height} x {network.Width} (channels, height, width)".ToLowerInvariant());
        yield return ("Processor", Machine.ProcessorName());
        yield return ("Threads", $"{TorchSharp.torch.get_num_threads()}");
        yield return ("Precision", $"{classifier.Model.Precision}".ToLowerInvariant());
        yield return ("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
