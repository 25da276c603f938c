namespace PhotoMl.Evaluation;

/// <summary>How generated images are evaluated.</summary>
public sealed record GeneratorEvaluationOptions
{
    /// <summary>The neighbour to which the ball around an image reaches, for precision, recall, density and coverage. Default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1 or above 1,000.</exception>
    public int Neighbours { get; init => field = Checked.InRange(value, 1, 1_000, nameof(Neighbours)); } = ManifoldScores.DefaultNeighbours;

    /// <summary>How often the images are drawn anew for the intervals. Default 200.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 2 or above 1,000.</exception>
    public int Resamples { get; init => field = Checked.InRange(value, 2, 1_000, nameof(Resamples)); } = 200;

    /// <summary>
    /// How many generated images, and as many real ones, are compared at most; of more, a random part is taken. Default 10,000. Time grows with the square.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 2 or above 50,000.</exception>
    public int MostImages { get; init => field = Checked.InRange(value, 2, 50_000, nameof(MostImages)); } = 10_000;

    /// <summary>Images per batch of the classifier. Default 256.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1 or above 65,536.</exception>
    public int BatchSize { get; init => field = Checked.InRange(value, 1, 65_536, nameof(BatchSize)); } = ClassifierEvaluator.DefaultBatchSize;

    /// <summary>The seed of everything random: which images are taken, and the resamples. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
