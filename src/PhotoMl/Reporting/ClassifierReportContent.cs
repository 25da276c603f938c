using PhotoMl.Evaluation;
using PhotoMl.Training;

namespace PhotoMl.Reporting;

/// <summary>All that a report of a classifier shows; empty or null where it is not known.</summary>
internal sealed record ClassifierReportContent
{
    public string Model { get; init; } = "";

    /// <summary>The SHA-256 of its weights, in hexadecimal.</summary>
    public required string ModelHash { get; init; }

    /// <summary>What it was evaluated on, such as "MNIST handwritten digits, 10,000 test images".</summary>
    public string Data { get; init; } = "";

    public required CalibratedReport Report { get; init; }

    /// <summary>What a reader must know of the figures, such as that they flatter; one line each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    public IReadOnlyList<EpochReport> History { get; init; } = [];

    /// <summary>The epoch the weights are from.</summary>
    public int? Epoch { get; init; }

    /// <summary>How many images of each class the model was trained on.</summary>
    public IReadOnlyList<int> TrainCounts { get; init; } = [];

    /// <summary>The most confident wrong predictions, the most confident first.</summary>
    public IReadOnlyList<ReportedImage> Mistakes { get; init; } = [];

    /// <summary>The least confident predictions, right or wrong, the least confident first.</summary>
    public IReadOnlyList<ReportedImage> LeastCertain { get; init; } = [];

    /// <summary>What is wrong with the data, one line each.</summary>
    public IReadOnlyList<string>? DataProblems { get; init; }

    public IReadOnlyList<(string Name, string Value)> Training { get; init; } = [];
    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];
}

/// <summary>An evaluated image with its picture and, where there is one, the picture of what the prediction rests on, as PNG
/// files.</summary>
internal sealed record ReportedImage(
    string Name, string Label, string Predicted, double Probability, byte[] Picture, byte[]? Explanation = null);
