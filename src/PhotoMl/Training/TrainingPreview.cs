using PhotoMl.Data;

namespace PhotoMl.Training;

/// <summary>Shows what a network is trained on.</summary>
public static class TrainingPreview
{
    /// <summary>Varies images as training would, all of them as one batch.</summary>
    /// <param name="data">The images.</param>
    /// <param name="options">How they are varied and mixed, and the seed.</param>
    /// <param name="version">Which variation, from 0.</param>
    /// <returns>What the network would see; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The images cannot be varied so.</exception>
    public static ClassifierBatch Vary(ImageDataset data, ClassifierTrainingOptions options, int version)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        using var pixels = data.Pixels.Take(0, data.Count);
        return new BatchVariation(options).Apply(pixels, data.Labels, data.ClassNames.Count, epoch: 1, version);
    }
}
