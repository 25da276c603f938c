using PhotoMl.Data;

namespace PhotoMl.Training;

/// <summary>The batches of every epoch: which images, in which order, varied and mixed how; all from the seed and the position. An epoch of
/// so many steps repeats the images as often as need be; without a number it has as many as see each once.</summary>
internal sealed class ClassifierBatches(
    ImageDataset data, long[] indices, ClassifierTrainingOptions options, int? steps = null,
    RandomStream variations = RandomStream.Augmentation)
{
    // From a thousand images, mean and variance of an activation are known to a few percent of its standard deviation.
    private const int StatisticsImages = 1024;

    private readonly EpochOrder _order = new(indices, options.Seed, options.Balance == ClassBalance.Sampler ? Labels(data, indices) : null);
    private readonly AffineAugmenter _affine = new(options.Augmentation);
    private readonly PhotoAugmenter? _photo = options.PhotoAugmentation is { } photo ? new PhotoAugmenter(photo) : null;
    private readonly PhotoAugmenter? _firstPhoto =
        options.PhotoAugmentation is { } photo ? new PhotoAugmenter(photo.FirstHalf) : null;

    private readonly BatchMixer _mixer = new(options);

    /// <summary>The number of batches of an epoch; the last may be smaller.</summary>
    public int PerEpoch => steps ?? (_order.Count + options.BatchSize - 1) / options.BatchSize;

    /// <summary>How many of them, the first, batch-norm statistics are measured on: of one size, for all count alike.</summary>
    public int ForStatistics =>
        Math.Clamp(steps ?? (_order.Count / options.BatchSize), 1, (StatisticsImages + options.BatchSize - 1) / options.BatchSize);

    public ClassifierBatch Get(int epoch, int step)
    {
        using var scope = NewDisposeScope();
        var taken = Taken(epoch, step);
        var (images, labels, targets) = Augment(data.Take(taken), data.Labels.index_select(0, tensor(taken)), taken, epoch, step);
        return new ClassifierBatch(images.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope(), targets?.MoveToOuterDisposeScope());
    }

    /// <summary>Gives the index of each image of a step.</summary>
    public long[] Taken(int epoch, int step)
    {
        var start = step * options.BatchSize;
        return steps is null
            ? _order.Take(epoch, start, Math.Min(start + options.BatchSize, _order.Count))
            : _order.TakeOn(Position(epoch, step), options.BatchSize);
    }

    /// <summary>Augments and mixes images, (N, C, H, W), uint8, with the class of each, (N), int64, and its index in the data set, as in a
    /// step.</summary>
    public ClassifierBatch Augment(Tensor pixels, Tensor labels, long[] taken, int epoch, int step)
    {
        var random = new DeterministicRandom(options.Seed, (long)variations, epoch, step);
        var begin = Position(epoch, step);
        bool[] areFlipped =
            [.. taken.Select((image, i) => IsFlipped(image, steps is null ? epoch : 1 + (int)((begin + i) / _order.Count)))];
        var images = (2 * epoch <= options.Epochs ? _firstPhoto : _photo)?.Apply(pixels, areFlipped, random)
            ?? _affine.Apply(pixels, areFlipped, random);
        var mixing = new DeterministicRandom(options.Seed, (long)RandomStream.Mixing, epoch, step);
        return _mixer.Mix(images, labels, data.ClassNames.Count, mixing);
    }

    // How many images were taken before a step of epochs of so many steps.
    private long Position(int epoch, int step) => (((epoch - 1L) * PerEpoch) + step) * options.BatchSize;

    // Of any two epochs one has the image flipped where the share is a half; which is drawn once a run.
    private bool IsFlipped(long image, int epoch)
    {
        var share = options.PhotoAugmentation?.Flip ?? options.Augmentation.Flip;
        var first = variations == RandomStream.Augmentation
            ? new DeterministicRandom(options.Seed, (long)RandomStream.Flips, image).NextDouble()
            : new DeterministicRandom(options.Seed, (long)RandomStream.Flips, image, (long)variations).NextDouble();
        return Math.Floor((share * epoch) + first) > Math.Floor((share * (epoch - 1)) + first);
    }

    internal static long[] Labels(ImageDataset data, long[] indices)
    {
        var labels = data.Labels.data<long>();
        return Array.ConvertAll(indices, index => labels[index]);
    }
}

/// <summary>The images of one training step, as the network sees them; the tensors belong to the caller's dispose scope.</summary>
/// <param name="Images">Images, (N, C, H, W), float32 in [0, 1].</param>
/// <param name="Labels">The class of each image, (N), int64; of a mixed image, the class that most of it shows.</param>
/// <param name="Targets">The share of each class in each image, (N, classes), float32, where images were mixed; else null.</param>
internal sealed record ClassifierBatch(Tensor Images, Tensor Labels, Tensor? Targets)
{
    /// <summary>Some of the images, one after the other.</summary>
    public ClassifierBatch Select(long start, long count) =>
        new(Images.narrow(0, start, count), Labels.narrow(0, start, count), Targets?.narrow(0, start, count));
}
