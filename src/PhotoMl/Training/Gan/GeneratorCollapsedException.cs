namespace PhotoMl.Training;

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
