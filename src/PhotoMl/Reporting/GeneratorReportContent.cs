using PhotoMl.Evaluation;
using PhotoMl.IO;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Sampling;

namespace PhotoMl.Reporting;

/// <summary>All that a report of a generator shows.</summary>
internal sealed record GeneratorReportContent
{
    public required string Model { get; init; }

    /// <summary>The SHA-256 of its weights, in hexadecimal.</summary>
    public required string ModelHash { get; init; }

    /// <summary>What it was evaluated on, such as "MNIST handwritten digits, 10,000 generated against 10,000 test images".</summary>
    public required string Data { get; init; }

    /// <summary>The evaluating classifier, such as "a classifier that is right about 99.50 % of the test images".</summary>
    public required string Evaluator { get; init; }

    public required GeneratorEvaluation Report { get; init; }

    /// <summary>How good a classifier is that saw generated images only; null where none was trained.</summary>
    public ClassificationReport? AccuracyScore { get; init; }

    public required byte[] Samples { get; init; }

    /// <summary>How its pictures came to be over the epochs, a PNG file; null where there is none.</summary>
    public byte[]? Progress { get; init; }

    public IReadOnlyList<(string Name, string Value)> Training { get; init; } = [];
    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];

    internal static GeneratorReportContent Of(string path, LoadedGenerator generator, string data, GeneratorEvaluation evaluation, long seed)
    {
        const int HashDigits = 12;
        const int SampleColumns = 12;
        var progress = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "samples", "progress.png");
        var network = generator.Info.Network;
        using var pixels = GeneratorSampler.Sample(generator.Model, new SampleOptions { Seed = seed, Count = SampleColumns * SampleColumns / 2 });
        return new GeneratorReportContent
        {
            Model = ReportFacts.NameOf(path),
            ModelHash = generator.Hash,
            Data = $"{data}, {evaluation.GeneratedImages:N0} generated against {evaluation.ReferenceImages:N0} test images",
            Evaluator = $"a classifier (SHA-256 {evaluation.ClassifierHash[..HashDigits]}) that is right about {100 * evaluation.ClassifierAccuracy:F2} % of the test images",
            Report = evaluation,
            AccuracyScore = evaluation.AccuracyScore,
            Samples = ImageGrid.EncodePng(pixels.bytes, network.Channels, network.Height, network.Width, SampleColumns, scale: 2),
            Progress = File.Exists(progress) ? RegularFile.ReadAllBytes(progress) : null,
            Training = [.. ReportFacts.DescribeTraining(generator.Info.Training)],
            Environment = [.. ReportFacts.DescribeMachine(generator.Model.Precision)],
        };
    }
}
