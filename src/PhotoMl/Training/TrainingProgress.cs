namespace PhotoMl.Training;

/// <summary>Where a run stands, reported after every step and every epoch from the training thread.</summary>
public abstract record TrainingProgress
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>The steps of the epoch done.</summary>
    public required int Step { get; init; }

    /// <summary>The steps of every epoch.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>Training images per second, over the epoch so far.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>An estimate of the time left.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>The tensors alive in the process, which must not grow.</summary>
    public required long LiveTensors { get; init; }
}
