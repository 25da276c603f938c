using PhotoMl.Evaluation;

namespace PhotoMl.Reporting;

/// <summary>All that a report of a generator shows.</summary>
public sealed record GeneratorReportContent
{
    /// <summary>What the model is called.</summary>
    public required string Model { get; init; }

    /// <summary>The SHA-256 of its weights, in hexadecimal.</summary>
    public required string ModelHash { get; init; }

    /// <summary>What it was evaluated on, such as "MNIST handwritten digits, 10,000 generated against 10,000 test images".</summary>
    public required string Data { get; init; }

    /// <summary>The evaluating classifier, such as "a classifier that is right about 99.50 % of the test images".</summary>
    public required string Judge { get; init; }

    /// <summary>How good it was found to be.</summary>
    public required GeneratorReport Report { get; init; }

    /// <summary>How good a classifier is that saw generated images only; null where none was trained.</summary>
    public ClassificationReport? AccuracyScore { get; init; }

    /// <summary>Some of its pictures, a PNG file.</summary>
    public required byte[] Samples { get; init; }

    /// <summary>How its pictures came to be over the epochs, a PNG file; null where there is none.</summary>
    public byte[]? Progress { get; init; }

    /// <summary>How it was trained: names and values.</summary>
    public IReadOnlyList<(string Name, string Value)> Training { get; init; } = [];

    /// <summary>Where it was evaluated: names and values.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];
}
