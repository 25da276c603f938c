using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>Crops, mirrors, turns, recolors and erases every photo of a batch differently, in one resampling from its bytes.</summary>
/// <remarks>The photo goes from bytes to what the network is given while it is in the processor's cache. torch's grid_sample would need the
/// batch as float32 and a grid of two numbers a pixel first, and does not average where a crop shrinks.</remarks>
internal sealed unsafe class PhotoAugmenter(PhotoAugmentationOptions options)
{
    /// <summary>Varies a batch of photos: images, (N, C, h, w), float32 in [0, 1], of the size of
    /// <see cref="PhotoAugmentationOptions.TrainImageSize"/>.</summary>
    public Tensor Apply(Tensor pixels, DeterministicRandom random)
    {
        var shape = pixels.shape;
        if (pixels.dtype != ScalarType.Byte || shape.Length != 4 || shape[1] is not (1 or 3) || shape[2] < 1 || shape[3] < 1)
        {
            throw new ArgumentException($"Expected pixels (N, 1 or 3, H, W) of uint8 but got ({string.Join(", ", shape)}) of {pixels.dtype}.", nameof(pixels));
        }

        using var scope = NewDisposeScope();
        var (count, channels, size) = ((int)shape[0], (int)shape[1], (Height: (int)shape[2], Width: (int)shape[3]));
        var newSize = options.OutputSize(size.Height, size.Width);
        var source = pixels.cpu().contiguous();
        var varied = empty([count, channels, newSize.Height, newSize.Width], ScalarType.Float32);
        var photos = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(source.bytes));
        var images = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(varied.bytes));
        var (photoLength, imageLength) = (channels * size.Height * size.Width, channels * newSize.Height * newSize.Width);
        var seeds = new long[count];
        for (var i = 0; i < count; i++)
        {
            seeds[i] = random.NextSeed();
        }

        var work = new float[ParallelRanges.Parts][];
        for (var part = 0; part < work.Length; part++)
        {
            work[part] = ArrayPool<float>.Shared.Rent(PhotoResampler.WorkLength(size));
        }

        ParallelRanges.For(count, (part, start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                // Each kind of variation has random numbers of its own, so that turning one off leaves the others as they are.
                var photo = new ReadOnlySpan<byte>(photos + ((long)i * photoLength), photoLength);
                var image = new Span<float>(images + ((long)i * imageLength), imageLength);
                var geometry = PhotoGeometry.Draw(options, seeds[i], size.Height, size.Width);
                PhotoResampler.Sample(photo, size, image, newSize, channels, geometry, work[part]);
                PhotoColors.Draw(options, new DeterministicRandom(seeds[i], 3)).Apply(image, channels);
                var erasure = PhotoErasure.Draw(options, new DeterministicRandom(seeds[i], 4), newSize.Height, newSize.Width);
                erasure.Apply(image, newSize.Height, newSize.Width, channels);
            }
        });
        Array.ForEach(work, memory => ArrayPool<float>.Shared.Return(memory));
        return varied.to(pixels.device).MoveToOuterDisposeScope();
    }
}
