using System.Security.Cryptography;
using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>Where the pixels of a data set lie: in memory, or in a file that may be larger than it.</summary>
internal abstract class PixelStore : IDisposable
{
    /// <summary>The number of images.</summary>
    public abstract int Count { get; }

    /// <summary>The number of channels: 1 for grey, 3 for colour.</summary>
    public abstract int Channels { get; }

    /// <summary>The height of each image in pixels.</summary>
    public abstract int Height { get; }

    /// <summary>The width of each image in pixels.</summary>
    public abstract int Width { get; }

    /// <summary>Copies some of the images.</summary>
    /// <param name="indices">Which images, in this order.</param>
    /// <returns>Images, (indices, C, H, W), uint8, 0 black to 255 white; the caller disposes them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public abstract Tensor Take(ReadOnlySpan<long> indices);

    /// <summary>Gives images that lie side by side, without a copy where that is possible.</summary>
    /// <param name="start">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <returns>Images, (count, C, H, W), uint8, not to be changed; the caller disposes them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no such images.</exception>
    public abstract Tensor Take(int start, int count);

    /// <summary>Makes a store of some of the images.</summary>
    /// <param name="indices">Which images, in this order.</param>
    /// <returns>The store, to be disposed by the caller; it does not need this one any more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public abstract PixelStore Subset(long[] indices);

    /// <summary>Adds all images to a hash.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="cancellationToken">Stops between two pieces.</param>
    public abstract void AddTo(IncrementalHash hash, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Checks that images lie in the store.</summary>
    protected void Check(ReadOnlySpan<long> indices)
    {
        foreach (var index in indices)
        {
            if (index < 0 || index >= Count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), $"Expected images from 0 to {Count - 1} but got {index}.");
            }
        }
    }

    /// <summary>Checks that images lie in the store.</summary>
    protected void Check(int start, int count)
    {
        if (start < 0 || count < 0 || start > Count - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"Expected images from 0 to {Count - 1} but got {count} from {start} on.");
        }
    }
}
