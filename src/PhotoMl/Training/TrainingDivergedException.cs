namespace PhotoMl.Training;

/// <summary>Thrown when the loss of a run is no longer a finite number.</summary>
public sealed class TrainingDivergedException : PhotoMlException
{
    internal TrainingDivergedException(int epoch, int step, double value, string? kept)
        : base($"training diverged: expected a finite loss, but found {value} in epoch {epoch}, step {step}; "
            + "try a lower learning rate or gradient clipping"
            + (kept is null ? "." : $" (the last good weights are in {kept})."))
    {
        Epoch = epoch;
        Step = step;
        Value = value;
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step of the epoch, from 1.</summary>
    public int Step { get; }

    /// <summary>The loss.</summary>
    public double Value { get; }
}

/// <summary>Thrown when a generator has collapsed and the run is not to go on, or went wrong too often.</summary>
public sealed class GeneratorCollapsedException : PhotoMlException
{
    internal GeneratorCollapsedException(int epoch, string reason, string? kept)
        : base($"training stopped in epoch {epoch}: {reason}" + (kept is null ? "." : $" (the last healthy weights are in {kept})."))
    {
        Epoch = epoch;
        Reason = reason;
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>What was found, and what to try.</summary>
    public string Reason { get; }
}
