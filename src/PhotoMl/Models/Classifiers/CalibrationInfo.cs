namespace PhotoMl.Models;

/// <summary>How the probabilities of a classifier were set right on its validation images; stored in its model file.</summary>
public sealed record CalibrationInfo
{
    /// <summary>The lowest temperature, 0.05.</summary>
    public const double LowestTemperature = 0.05;

    /// <summary>The highest temperature, 20.</summary>
    public const double HighestTemperature = 20;

    /// <summary>What the logits are divided by before the softmax, 0.05 to 20; above 1 it takes certainty away.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of range, or not a number.</exception>
    public required double Temperature { get; init => field = Checked.InRange(value, LowestTemperature, HighestTemperature, nameof(Temperature)); }

    /// <summary>How many validation images it was fitted on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public required int Images { get; init => field = Checked.InRange(value, 1, int.MaxValue, nameof(Images)); }

    /// <summary>The expected calibration error on these images at temperature 1, in [0, 1].</summary>
    public required double ErrorBefore { get; init => field = Checked.InRange(value, 0, 1, nameof(ErrorBefore)); }

    /// <summary>The expected calibration error on the same images at this temperature, in [0, 1].</summary>
    public required double ErrorAfter { get; init => field = Checked.InRange(value, 0, 1, nameof(ErrorAfter)); }
}
