namespace PhotoMl.Models;

/// <summary>How batch norm works in a pass.</summary>
/// <param name="Training">Whether it normalises by the batch's own statistics, and lets the running ones follow.</param>
/// <param name="Momentum">The weight of the batch in the running statistics.</param>
internal readonly record struct NormSettings(bool Training, double Momentum)
{
    /// <summary>PyTorch's momentum.</summary>
    public const double DefaultMomentum = 0.1;
}
