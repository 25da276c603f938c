using PhotoMl.Data;
using PhotoMl.Evaluation;

namespace PhotoMl;

/// <summary>How a model is evaluated; see <see cref="Classifier.Evaluate"/>.</summary>
public sealed record EvaluationOptions
{
    /// <summary>How often the true class is to be in an image's set of possible classes, between 0 and 1. Default null: no sets.</summary>
    public double? Coverage { get; init => field = Checked.Share(value, nameof(Coverage)); }

    /// <summary>Images per batch at most; a batch has at most 262,144 pixels, or one image, and each thread has a batch at a time.
    /// Default 256.</summary>
    public int BatchSize
    {
        get;
        init => field = Checked.InRange(value, 1, 65_536, nameof(BatchSize));
    } = ClassifierEvaluator.DefaultBatchSize;

    /// <summary>How many of the images are used, at least 1, drawn at random, the same for every model. Default null: all.</summary>
    public int? Limit { get; init => field = Checked.InRange(value, 1, int.MaxValue, nameof(Limit)); }

    /// <summary>A folder to write <c>report.html</c> into, one page with all figures, charts and pictures; one that is there is replaced.
    /// Default null: none.</summary>
    public string? Report { get; init; }

    /// <summary>A PNG file to write the images into on which two classifiers differ; one that is there is replaced. Default null:
    /// none.</summary>
    public string? Sheet { get; init; }

    /// <summary>How the data set is found and read.</summary>
    public DatasetLoadOptions Loading { get; init; } = new();

    /// <summary>Is given lines for the user. Default nobody.</summary>
    public IProgress<StatusMessage>? Messages { get; init; }
}

/// <summary>What was evaluated, and what came of it.</summary>
/// <typeparam name="T">The figures.</typeparam>
public sealed record EvaluationResult<T>
{
    /// <summary>The figures.</summary>
    public required T Figures { get; init; }

    /// <summary>The id of the known data set, or its folder.</summary>
    public required string Data { get; init; }

    /// <summary>The name that the data set is shown by.</summary>
    public required string Title { get; init; }

    /// <summary>What the data set has the images for: test, validation or all.</summary>
    public required string Split { get; init; }

    /// <summary>What the images are called, such as <c>test photos</c>.</summary>
    public required string Images { get; init; }

    /// <summary>The page or picture that was written; null for none.</summary>
    public string? Output { get; init; }
}
