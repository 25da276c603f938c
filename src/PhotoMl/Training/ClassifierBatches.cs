using PhotoMl.Data;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>The batches of every epoch: which images, in which order, varied and mixed how; all from the seed and the position.</summary>
internal sealed class ClassifierBatches
{
    private readonly ImageDataset _data;
    private readonly EpochOrder _order;
    private readonly ClassifierTrainingOptions _options;
    private readonly AffineAugmenter _affine;
    private readonly PhotoAugmenter? _photo;
    private readonly BatchMixer _mixer;

    public ClassifierBatches(ImageDataset data, long[] indices, ClassifierTrainingOptions options)
    {
        _data = data;
        _order = options.Balance == ClassBalance.Sampler
            ? EpochOrder.ByClass(indices, Labels(data, indices), options.Seed)
            : new EpochOrder(indices, options.Seed);
        _options = options;
        _affine = new AffineAugmenter(options.Augmentation);
        _photo = options.PhotoAugmentation is { } photo ? new PhotoAugmenter(photo) : null;
        _mixer = new BatchMixer(options);
    }

    /// <summary>The number of batches of an epoch; the last may be smaller.</summary>
    public int PerEpoch => (_order.Count + _options.BatchSize - 1) / _options.BatchSize;

    public ClassifierBatch Get(int epoch, int step)
    {
        using var scope = NewDisposeScope();
        var start = step * _options.BatchSize;
        var indices = _order.Take(epoch, start, Math.Min(start + _options.BatchSize, _order.Count));
        return Vary(_data.Take(indices), _data.Labels.index_select(0, tensor(indices)), epoch, step).MoveToOuterDisposeScope();
    }

    /// <summary>Varies and mixes images, (N, C, H, W), uint8, of some classes, (N), int64, as in a step.</summary>
    public ClassifierBatch Vary(Tensor pixels, Tensor labels, int epoch, int step)
    {
        using var scope = NewDisposeScope();
        var random = new DeterministicRandom(_options.Seed, (long)RandomStream.Augmentation, epoch, step);
        var images = _photo is null ? _affine.Apply(PixelBatch.ToNetworkInput(pixels), random) : _photo.Apply(pixels, random);
        var mixing = new DeterministicRandom(_options.Seed, (long)RandomStream.Mixing, epoch, step);
        return _mixer.Mix(images, labels, _data.ClassNames.Count, mixing).MoveToOuterDisposeScope();
    }

    internal static long[] Labels(ImageDataset data, long[] indices)
    {
        var labels = data.Labels.data<long>();
        return Array.ConvertAll(indices, index => labels[index]);
    }
}

/// <summary>The images of one training step, as the network sees them.</summary>
internal sealed class ClassifierBatch(Tensor images, Tensor labels, Tensor? targets) : IDisposable
{
    /// <summary>Images, (N, C, H, W), float32 in [0, 1].</summary>
    public Tensor Images { get; } = images;

    /// <summary>The class of each image, (N), int64; of a mixed image, the class that most of it shows.</summary>
    public Tensor Labels { get; } = labels;

    /// <summary>The share of each class in each image, (N, classes), float32, where images were mixed; null where each is of one class.</summary>
    public Tensor? Targets { get; } = targets;

    public ClassifierBatch MoveToOuterDisposeScope()
    {
        Images.MoveToOuterDisposeScope();
        Labels.MoveToOuterDisposeScope();
        Targets?.MoveToOuterDisposeScope();
        return this;
    }

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
        Targets?.Dispose();
    }
}
