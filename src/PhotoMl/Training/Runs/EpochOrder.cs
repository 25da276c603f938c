namespace PhotoMl.Training;

/// <summary>The order of the training images in each epoch, from the seed and the epoch alone.</summary>
/// <remarks>With labels every class is drawn equally often, as many images an epoch as there are. Each class has a sequence of its own,
/// which never ends: all its images in one random order, then in another, and so on. Every epoch goes on in it, so the images of a class
/// are seen equally often in the long run, and no epoch need be replayed to know where the next begins.</remarks>
internal sealed class EpochOrder(long[] indices, long seed, long[]? labels = null)
{
    private readonly long[][]? _classes = labels is null
        ? null
        : [.. indices.Zip(labels).GroupBy(pair => pair.Second, pair => pair.First).OrderBy(one => one.Key).Select(one => one.ToArray())];

    private long[] _order = [];
    private int _epoch;

    public int Count => indices.Length;

    public long[] Take(int epoch, int start, int end)
    {
        if (_epoch != epoch)
        {
            _order = _classes is null ? [.. indices] : [.. _classes.SelectMany((images, index) => Draw(images, index, epoch))];
            new DeterministicRandom(seed, (long)RandomStream.Order, epoch).Shuffle(_order.AsSpan());
            _epoch = epoch;
        }

        return _order[start..end];
    }

    /// <summary>Takes images of the orders of all epochs, one after the other.</summary>
    public long[] TakeOn(long position, int count)
    {
        var taken = new List<long>(count);
        while (taken.Count < count)
        {
            var (epoch, start) = Math.DivRem(position + taken.Count, Count);
            taken.AddRange(Take((int)epoch + 1, (int)start, (int)Math.Min(Count, start + count - taken.Count)));
        }

        return [.. taken];
    }

    private IEnumerable<long> Draw(long[] images, int index, int epoch)
    {
        var end = DrawnUntil(epoch, index);
        long[] order = [];
        for (var place = DrawnUntil(epoch - 1, index); place < end; place++)
        {
            var (round, within) = Math.DivRem(place, images.Length);
            if (within == 0 || order.Length == 0)
            {
                order = [.. images];
                new DeterministicRandom(seed, (long)RandomStream.ClassOrder, index, round).Shuffle(order.AsSpan());
            }

            yield return order[within];
        }
    }

    // Of all classes together these are exactly Count x epoch (Hermite's identity), and each epoch's shares differ by one image at most.
    private long DrawnUntil(int epoch, int index) => (((long)Count * epoch) + index) / _classes!.Length;
}

/// <summary>What a random stream of a run is for; part of the path its numbers are derived from.</summary>
internal enum RandomStream
{
    Order = 2, // the order of an epoch
    Augmentation = 3, // the variations of a step's images
    Latents = 4, // the latents of a step's generated images
    Dropout = 5, // what a step's discriminator drops
    Penalty = 6, // where between real and generated images the gradient penalty is taken
    Statistics = 7, // what the averaged generator's batch-norm statistics are measured on
    Weights = 8, // the weights a generative run begins with
    Watch = 9, // the pictures that are checked after each epoch
    ClassOrder = 10, // the order of the images of a class, where every class is drawn equally often
    Flips = 12, // in which epochs an image is flipped
    Mixing = 11, // how a step's images are mixed with each other
    StrongAugmentation = 13, // the strong views of a step's unlabeled images
    WeakAugmentation = 14, // the weak views of them
}
