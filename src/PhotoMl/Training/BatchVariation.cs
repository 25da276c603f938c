using PhotoMl.Data;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>The one way from pixels to what a network is trained on: varied, and mixed where that is asked for.</summary>
internal sealed class BatchVariation(ClassifierTrainingOptions options)
{
    private readonly AffineAugmenter _affine = new(options.Augmentation);
    private readonly PhotoAugmenter? _photo = options.PhotoAugmentation is { } photo ? new PhotoAugmenter(photo) : null;
    private readonly BatchMixer _mixer = new(options);

    /// <summary>Makes the batch of a step.</summary>
    /// <param name="pixels">Pixels, (N, C, H, W), uint8; left as they are.</param>
    /// <param name="labels">Their classes, (N), int64; left as they are.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">The batch of the epoch, from 0.</param>
    /// <returns>The batch; the caller disposes it.</returns>
    public ClassifierBatch Apply(Tensor pixels, Tensor labels, int classes, int epoch, int step)
    {
        using var scope = NewDisposeScope();
        var random = new DeterministicRandom(options.Seed, (long)RandomStream.Augmentation, epoch, step);
        var images = _photo is null ? _affine.Apply(PixelBatch.ToNetworkInput(pixels), random) : _photo.Apply(pixels, random);
        return _mixer.Mix(images, labels, classes, new DeterministicRandom(options.Seed, (long)RandomStream.Mixing, epoch, step)).MoveToOuterDisposeScope();
    }
}
