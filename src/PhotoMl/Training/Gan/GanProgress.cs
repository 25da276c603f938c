namespace PhotoMl.Training;

/// <summary>Where a generative run stands, reported after every step and every epoch from the training thread.</summary>
public sealed record GanProgress
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>The steps of the epoch done.</summary>
    public required int Step { get; init; }

    /// <summary>The steps of every epoch.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>The mean of the discriminator's loss over the epoch so far.</summary>
    public required double DiscriminatorLoss { get; init; }

    /// <summary>The mean of the generator's loss over the epoch so far; NaN before its first step.</summary>
    public required double GeneratorLoss { get; init; }

    /// <summary>D(x), the mean over the epoch so far; see <see cref="GanEpochReport"/>.</summary>
    public required double RealScore { get; init; }

    /// <summary>D(G(z)), likewise.</summary>
    public required double GeneratedScore { get; init; }

    /// <summary>Training images per second, over the epoch so far.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>An estimate of the time left.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>The tensors alive in the process, which must not grow.</summary>
    public required long LiveTensors { get; init; }

    /// <summary>A warning, such as that the generator collapsed and the run went back to healthy weights; null in most reports.</summary>
    public string? Message { get; init; }

    /// <summary>What the epoch gave, in the report that ends it; null in all others.</summary>
    public GanEpochReport? Completed { get; init; }
}
