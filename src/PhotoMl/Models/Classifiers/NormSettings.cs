namespace PhotoMl.Models;

/// <summary>How batch norm works in a pass.</summary>
internal readonly record struct NormSettings(bool Training, double Momentum)
{
    public const double DefaultMomentum = 0.1;
}
