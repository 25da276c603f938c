using PhotoMl.Data;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>What a network sees of its training images.</summary>
public static class TrainingPreview
{
    /// <summary>Varies images as training would, all of them as one batch.</summary>
    /// <param name="data">The images.</param>
    /// <param name="options">How they are varied and mixed, and the seed.</param>
    /// <param name="version">Which variation, from 0.</param>
    /// <returns>Images, (N, C, H, W), float32 in [0, 1]; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The images cannot be varied so.</exception>
    public static Tensor Vary(ImageDataset data, ClassifierTrainingOptions options, int version)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        using var scope = NewDisposeScope();
        var pixels = data.Pixels.Take(0, data.Count);
        return new ClassifierBatches(data, [], options).Vary(pixels, data.Labels, epoch: 1, version).Images.MoveToOuterDisposeScope();
    }
}
