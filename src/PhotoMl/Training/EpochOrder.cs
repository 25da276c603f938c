using PhotoMl.Runtime;

namespace PhotoMl.Training;

/// <summary>The order of the training images in each epoch, from the seed and the epoch alone.</summary>
/// <param name="indices">The images that are trained on.</param>
/// <param name="seed">The seed of the run.</param>
internal sealed class EpochOrder(long[] indices, long seed)
{
    private long[] _order = [];
    private int _epoch;

    /// <summary>The number of images of an epoch.</summary>
    public int Count => indices.Length;

    /// <summary>Some of the images of an epoch.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="start">The first place in its order.</param>
    /// <param name="end">The place after the last.</param>
    public long[] Take(int epoch, int start, int end)
    {
        if (_epoch != epoch)
        {
            _order = (long[])indices.Clone();
            new DeterministicRandom(seed, (long)RandomStream.Order, epoch).Shuffle(_order.AsSpan());
            _epoch = epoch;
        }

        return _order[start..end];
    }
}
