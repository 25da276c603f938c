namespace PhotoMl.Sampling;

/// <summary>Whether an image is what a generator makes from what the image says of itself.</summary>
public sealed record ImageVerification
{
    /// <summary>Whether it is, but for rounding.</summary>
    public required bool IsSame { get; init; }

    /// <summary>Whether the image names another model.</summary>
    public bool IsOtherModel { get; init; }

    /// <summary>The largest difference of a pixel, of 255; null where the size differs too.</summary>
    public int? LargestDifference { get; init; }
}
