namespace PhotoMl.Evaluation;

/// <summary>How generated images are evaluated.</summary>
internal sealed record GeneratorEvaluationOptions
{
    public const int LargestLimit = 50_000;

    /// <summary>The neighbour to which the ball around an image reaches, for precision, recall, density and coverage. Default 5.</summary>
    public int Neighbours { get; init => field = Checked.InRange(value, 1, 1_000, nameof(Neighbours)); } = ManifoldScores.DefaultNeighbours;

    /// <summary>How often the images are drawn anew for the intervals. Default 200.</summary>
    public int Resamples { get; init => field = Checked.InRange(value, 2, 1_000, nameof(Resamples)); } = 200;

    /// <summary>
    /// How many generated images, and as many real ones, are compared at most; of more, a random part is taken. Default 10,000. Time grows with the square.
    /// </summary>
    public int MostImages { get; init => field = Checked.InRange(value, 2, LargestLimit, nameof(MostImages)); } = 10_000;

    /// <summary>Images per batch of the classifier. Default 256.</summary>
    public int BatchSize { get; init => field = Checked.InRange(value, 1, 65_536, nameof(BatchSize)); } = ClassifierEvaluator.DefaultBatchSize;

    /// <summary>The seed of everything random: which images are taken, and the resamples. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
