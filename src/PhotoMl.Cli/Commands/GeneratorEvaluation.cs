using PhotoMl.Cli.Output;
using PhotoMl.Evaluation;
using PhotoMl.IO;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Reporting;
using PhotoMl.Sampling;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml evaluate</c> says of a generator.</summary>
internal sealed class GeneratorEvaluation(
    string path, LoadedGenerator generator, JudgingClassifier judge, TrainingData data, GeneratorReport report, ClassificationReport? score, long seed)
{
    private const int HashDigits = 12;
    private const int SampleColumns = 12;

    /// <summary>Writes it for people or for programs.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="asJson">Whether for programs.</param>
    /// <param name="page">The page of the report that was written; null where none was.</param>
    public void Write(TextWriter output, bool asJson, string? page)
    {
        if (asJson)
        {
            JsonLine.Write(output, ToJson(page));
            return;
        }

        var from = judge.Path ?? "trained on the spot";
        output.WriteLine($"Model      {Text.Printable(path)} ({generator.Hash[..HashDigits]})");
        output.WriteLine($"Data       {Text.Printable(data.Title)}");
        output.WriteLine($"Judge      classifier {judge.Hash[..HashDigits]}, {Text.Printable(from)}");
        output.WriteLine($"           {Text.Percent(judge.Report.Accuracy)} of test images right");
        output.WriteLine($"Images     {report.GeneratedImages:N0} generated (seed {seed}) against {report.ReferenceImages:N0} test images");
        output.WriteLine();
        Figures().Write(output);
        output.WriteLine();
        output.WriteLine("Real: the same for real training images, which a perfect generator would reach.");
        output.WriteLine();
        output.WriteLine("Generated images by class:");
        WriteShares(output);
        if (score is not null)
        {
            output.WriteLine($"Accuracy score  {Text.Percent(score.Accuracy)} of test images right ({Text.Interval(score.AccuracyInterval)})");
            output.WriteLine("                by a classifier trained on generated images only");
        }

        if (page is not null)
        {
            output.WriteLine($"Report     {Text.Printable(page)}");
        }
    }

    /// <summary>What a page about it tells.</summary>
    public GeneratorReportContent ToReport()
    {
        var progress = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "samples", "progress.png");
        return new GeneratorReportContent
        {
            Model = ReportFacts.NameOf(path),
            ModelHash = generator.Hash,
            Data = $"{data.Title}, {report.GeneratedImages:N0} generated against {report.ReferenceImages:N0} test images",
            Judge = $"a classifier (SHA-256 {judge.Hash[..HashDigits]}) that is right about {Text.Percent(judge.Report.Accuracy)} of the test images",
            Report = report,
            AccuracyScore = score,
            Samples = DrawSamples(),
            Progress = File.Exists(progress) ? RegularFile.ReadAllBytes(progress) : null,
            Training = [.. ReportFacts.DescribeTraining(generator.Info.Training)],
            Environment = [.. ReportFacts.DescribeMachine(generator.Model.Precision)],
        };
    }

    private byte[] DrawSamples()
    {
        var network = generator.Info.Network;
        using var pixels = GeneratorSampler.Sample(generator.Model, new SampleOptions { Seed = seed, Count = SampleColumns * SampleColumns / 2 });
        return ImageGrid.EncodePng(pixels.bytes, network.Channels, network.Height, network.Width, SampleColumns, scale: 2);
    }

    private void WriteShares(TextWriter output)
    {
        const int InALine = 4;
        foreach (var line in report.ClassShares.Chunk(InALine))
        {
            output.WriteLine($"  {string.Concat(line.Select(share => $"{Text.Shorten(Text.Printable(share.Name), 9),-9} {100 * share.Share,5:F1} %   ")).TrimEnd()}");
        }

        output.WriteLine();
    }

    private TextTable Figures()
    {
        var table = new TextTable("Figure", ">Value", ">95 % interval", ">Real", "");
        Add("Frechet distance", report.FrechetDistance, "F2", "less is better");
        Add("Precision", report.Precision, "F3", "how many look real");
        Add("Recall", report.Recall, "F3", "how many real are covered");
        Add("Density", report.Density, "F3", "how typical they are");
        Add("Coverage", report.Coverage, "F3", "real ones with one near");
        Add("Class entropy", report.ClassEntropy, "F3", $"of at most {Math.Log(report.ClassShares.Count):F3}");
        Add("Neighbour ratio", report.NearestNeighbourRatio, "F3", "below 1: learnt by heart");
        return table;

        void Add(string name, ScoredFigure figure, string format, string meaning) => table.Add(
            name, Number(figure.Value, format), $"{Number(figure.Low, format)} to {Number(figure.High, format)}", Number(figure.Floor, format), meaning);
    }

    private static string Number(double value, string format) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);

    private object ToJson(string? page) => new
    {
        Command = "evaluate",
        Model = path,
        ModelHash = generator.Hash,
        Data = data.Id,
        Classifier = judge.Path,
        ClassifierHash = judge.Hash,
        ClassifierAccuracy = judge.Report.Accuracy,
        report.GeneratedImages,
        report.ReferenceImages,
        report.TrainingImages,
        Seed = seed,
        report.FrechetDistance,
        report.Precision,
        report.Recall,
        report.Density,
        report.Coverage,
        report.ClassEntropy,
        report.NearestNeighbourRatio,
        report.GeneratedDistance,
        report.HeldOutDistance,
        report.ClassShares,
        ClassificationAccuracyScore = score?.Accuracy,
        ClassificationAccuracyScoreLow = score?.AccuracyInterval.Low,
        ClassificationAccuracyScoreHigh = score?.AccuracyInterval.High,
        Seconds = report.Duration.TotalSeconds,
        ReportPage = page,
    };
}
