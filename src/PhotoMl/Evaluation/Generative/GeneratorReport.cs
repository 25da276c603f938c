namespace PhotoMl.Evaluation;

/// <summary>What generated images are worth, in the eyes of a classifier of the same kind of images.</summary>
/// <remarks>
/// All distances are those of the classifier's features, so figures compare only between generators judged by the same classifier
/// on the same data and the same number of images. No figure means much without its floor.
/// </remarks>
public sealed record GeneratorReport
{
    /// <summary>How far generated and test images lie apart as a whole, at least 0; less is better. See <see cref="Evaluation.FrechetDistance"/>.</summary>
    public required ScoredFigure FrechetDistance { get; init; }

    /// <summary>The share of generated images that lie where test images lie, in [0, 1]. See <see cref="ManifoldScores"/>.</summary>
    public required ScoredFigure Precision { get; init; }

    /// <summary>The share of test images that lie where generated images lie, in [0, 1]. See <see cref="ManifoldScores"/>.</summary>
    public required ScoredFigure Recall { get; init; }

    /// <summary>How densely test images lie around generated ones, at least 0; about 1 for real ones. See <see cref="ManifoldScores"/>.</summary>
    public required ScoredFigure Density { get; init; }

    /// <summary>The share of test images that have a generated image near them, in [0, 1]. See <see cref="ManifoldScores"/>.</summary>
    public required ScoredFigure Coverage { get; init; }

    /// <summary>How evenly the generated images spread over the classes, in nats, at most ln(classes). See <see cref="Evaluation.ClassEntropy"/>.</summary>
    public required ScoredFigure ClassEntropy { get; init; }

    /// <summary>
    /// The median distance of generated images to the nearest training image, divided by that of test images. Clearly below 1, the generator
    /// may have learnt training images by heart. The floor is that of training images to the nearest other one. See <see cref="NearestNeighbours"/>.
    /// </summary>
    public required ScoredFigure NearestNeighbourRatio { get; init; }

    /// <summary>The median distance of generated images to the nearest training image.</summary>
    public required double GeneratedDistance { get; init; }

    /// <summary>The median distance of test images to the nearest training image.</summary>
    public required double HeldOutDistance { get; init; }

    /// <summary>The share of generated images that were predicted as each class; they sum to 1.</summary>
    public required IReadOnlyList<ClassShare> ClassShares { get; init; }

    /// <summary>The number of generated images that were judged.</summary>
    public required int GeneratedImages { get; init; }

    /// <summary>The number of test images they were compared with: the same number.</summary>
    public required int ReferenceImages { get; init; }

    /// <summary>The number of training images among which the nearest were looked for: all.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>How long the evaluation took.</summary>
    public required TimeSpan Duration { get; init; }
}
