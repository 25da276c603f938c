namespace PhotoMl.Evaluation;

/// <summary>The evaluation of a generator's images by the features of a classifier.</summary>
/// <remarks>All distances are those of the classifier's features, so figures compare only between generators evaluated by the same
/// classifier on the same data and the same number of images. No figure means much without its floor. Precision and recall: T.
/// Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing Generative Models", NeurIPS 2019; density and coverage: M. F.
/// Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", ICML 2020.</remarks>
public sealed record GeneratorEvaluation
{
    /// <summary>The Fréchet distance of generated and test images, at least 0; less is better. See
    /// <see cref="Evaluation.FrechetDistance"/>.</summary>
    public required ScoredFigure FrechetDistance { get; init; }

    /// <summary>The share of generated images that lie where test images lie, in [0, 1].</summary>
    public required ScoredFigure Precision { get; init; }

    /// <summary>The share of test images that lie where generated images lie, in [0, 1].</summary>
    public required ScoredFigure Recall { get; init; }

    /// <summary>How densely test images lie around generated ones, at least 0; about 1 for real ones.</summary>
    public required ScoredFigure Density { get; init; }

    /// <summary>The share of test images that have a generated image near them, in [0, 1].</summary>
    public required ScoredFigure Coverage { get; init; }

    /// <summary>The entropy of the predicted classes in nats, at most ln(classes), which images that are evenly of all classes
    /// have.</summary>
    public required ScoredFigure ClassEntropy { get; init; }

    /// <summary>The median distance of generated images to the nearest training image, divided by that of test images. Clearly below 1, the
    /// generator may have memorised training images. The floor is that of training images to the nearest other one.</summary>
    public required ScoredFigure NearestNeighbourRatio { get; init; }

    /// <summary>The median distance of generated images to the nearest training image.</summary>
    public required double GeneratedDistance { get; init; }

    /// <summary>The median distance of test images to the nearest training image.</summary>
    public required double HeldOutDistance { get; init; }

    /// <summary>The share of generated images that were predicted as each class, in the order of the classes; they sum to 1.</summary>
    public required IReadOnlyDictionary<string, double> ClassShares { get; init; }

    /// <summary>The number of generated images that were evaluated.</summary>
    public required int GeneratedImages { get; init; }

    /// <summary>The number of test images they were compared with: the same number.</summary>
    public required int ReferenceImages { get; init; }

    /// <summary>The number of training images among which the nearest were searched: all.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>How long the evaluation took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The SHA-256 of the classifier's weights, in hexadecimal.</summary>
    public required string ClassifierHash { get; init; }

    /// <summary>The share of the test images that the classifier predicts correctly.</summary>
    public required double ClassifierAccuracy { get; init; }

    /// <summary>The file of the classifier; null where it was trained for this.</summary>
    public string? Classifier { get; init; }

    /// <summary>The classification accuracy score: a classifier trained on generated images only, evaluated on test images. Null for a
    /// generator that is not conditional.</summary>
    /// <remarks>S. Ravuri, O. Vinyals, "Classification Accuracy Score for Conditional Generative Models", NeurIPS 2019: a generator that
    /// leaves out what some images of a class look like, or mixes classes up, leads the classifier astray.</remarks>
    public ClassificationReport? AccuracyScore { get; init; }
}

/// <summary>A figure about generated images, its interval, and the figure of real images.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">The lower end of its 95 % bootstrap interval.</param>
/// <param name="High">The upper end of its 95 % bootstrap interval.</param>
/// <param name="Floor">The same figure with as many training images in the place of the generated ones: what a perfect generator would
/// score.</param>
/// <remarks>The interval is for other images drawn from the same generator and the same data. For precision, recall, density and coverage
/// the balls around the images stay as they are and only what was found of each image is drawn anew, so their intervals are somewhat too
/// narrow. Intervals are percentiles (2.5 and 97.5 %) of resamples, moved so that the resamples' mean is the value: the Fréchet distance
/// of two resamples is larger, and the entropy of one smaller, than that of what they are drawn from.</remarks>
public readonly record struct ScoredFigure(double Value, double Low, double High, double Floor);
