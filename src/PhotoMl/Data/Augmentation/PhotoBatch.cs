using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>The memory of a batch of photos and of what becomes of them.</summary>
internal sealed unsafe class PhotoBatch(Tensor pixels, Tensor images, int channels, (int Height, int Width) size, (int Height, int Width) newSize)
{
    private readonly byte* _pixels = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pixels.bytes));
    private readonly float* _images = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(images.bytes));

    /// <summary>1 or 3.</summary>
    public int Channels { get; } = channels;

    /// <summary>The size of the photos.</summary>
    public (int Height, int Width) Size { get; } = size;

    /// <summary>The size of what becomes of them.</summary>
    public (int Height, int Width) NewSize { get; } = newSize;

    /// <summary>A photo, (C, H, W).</summary>
    public ReadOnlySpan<byte> Photo(int index)
    {
        var length = Channels * Size.Height * Size.Width;
        return new(_pixels + ((long)index * length), length);
    }

    /// <summary>What becomes of it, (C, h, w).</summary>
    public Span<float> Image(int index)
    {
        var length = Channels * NewSize.Height * NewSize.Width;
        return new(_images + ((long)index * length), length);
    }
}
