using System.Security.Cryptography;
using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>Where the pixels of a data set lie: in memory, or in a file that may be larger than it.</summary>
internal abstract class PixelStore : IDisposable
{
    public abstract int Count { get; }

    /// <summary>The number of channels: 1 for gray, 3 for color.</summary>
    public abstract int Channels { get; }

    public abstract int Height { get; }
    public abstract int Width { get; }

    /// <summary>Copies some of the images: images, (indices, C, H, W), uint8, 0 black to 255 white.</summary>
    public abstract Tensor Take(ReadOnlySpan<long> indices);

    /// <summary>Gives images that lie side by side, without a copy where that is possible: images, (count, C, H, W), uint8, not to be
    /// changed.</summary>
    public abstract Tensor Take(int start, int count);

    public abstract PixelStore Subset(long[] indices);
    public abstract void AddTo(IncrementalHash hash, CancellationToken cancellationToken);
    public abstract void Dispose();

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

    protected void Check(int start, int count)
    {
        if (start < 0 || count < 0 || start > Count - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"Expected images from 0 to {Count - 1} but got {count} from {start} on.");
        }
    }
}
