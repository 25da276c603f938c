using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhotoMl.Data;

/// <summary>Crops, mirrors, turns, recolors and erases every photo of a batch differently, in one resampling from its bytes.</summary>
/// <remarks>The photo goes from bytes to what the network is given while it is in the processor's cache. torch's grid_sample would need the
/// batch as float32 and a grid of two numbers a pixel first, and does not average where a crop shrinks.</remarks>
internal sealed unsafe class PhotoAugmenter(PhotoAugmentationOptions options)
{
    // After Zhong et al.
    private const double SmallestErasedArea = 0.02;
    private const double LongestErasedAspect = 1 / 0.3;

    private const int Attempts = 10;

    /// <summary>Augments a batch of photos: images, (N, C, h, w), float32 in [0, 1], of the options' size.</summary>
    /// <param name="pixels">Photos, (N, 1 or 3, H, W), uint8.</param>
    /// <param name="areFlipped">Which of them are flipped horizontally.</param>
    /// <param name="random">The random numbers of the batch.</param>
    public Tensor Apply(Tensor pixels, IReadOnlyList<bool> areFlipped, DeterministicRandom random)
    {
        using var scope = NewDisposeScope();
        var shape = pixels.shape;
        var (count, channels, size) = ((int)shape[0], (int)shape[1], (Height: (int)shape[2], Width: (int)shape[3]));
        var newSize = options.OutputSize(size.Height, size.Width);
        var source = pixels.cpu().contiguous();
        var varied = empty([count, channels, newSize.Height, newSize.Width], ScalarType.Float32);
        var photos = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(source.bytes));
        var images = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(varied.bytes));
        var (photoLength, imageLength) = (channels * size.Height * size.Width, channels * newSize.Height * newSize.Width);
        long[] seeds = [.. Enumerable.Range(0, count).Select(_ => random.NextSeed())];
        var workLength = PhotoResampler.WorkLength(size);
        float[][] work = [.. Enumerable.Range(0, ParallelRanges.Parts).Select(_ => ArrayPool<float>.Shared.Rent(workLength))];
        ParallelRanges.For(count, (part, start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                // Each kind of variation has random numbers of its own, so that turning one off leaves the others as they are.
                var photo = new ReadOnlySpan<byte>(photos + ((long)i * photoLength), photoLength);
                var image = new Span<float>(images + ((long)i * imageLength), imageLength);
                var geometry = PhotoGeometry.Draw(options, seeds[i], size.Height, size.Width, areFlipped[i]);
                PhotoResampler.Sample(photo, size, image, newSize, channels, geometry, work[part]);
                PhotoColors.Draw(options, new DeterministicRandom(seeds[i], 3)).Apply(image, channels);
                Erase(image, newSize.Height, newSize.Width, new DeterministicRandom(seeds[i], 4));
            }
        });
        Array.ForEach(work, memory => ArrayPool<float>.Shared.Return(memory));
        return varied.to(pixels.device).MoveToOuterDisposeScope();
    }

    // Replaces a rectangle by noise, so that a network does not rely on a single part; see PhotoAugmentationOptions.Erasing.
    private void Erase(Span<float> image, int height, int width, DeterministicRandom random)
    {
        var isErased = random.NextDouble() < options.Erasing;
        var longest = Math.Log(LongestErasedAspect);
        for (var attempt = 0; isErased && attempt < Attempts; attempt++)
        {
            var area = random.NextDouble(SmallestErasedArea, options.ErasedArea) * height * width;
            var aspect = Math.Exp(random.NextDouble(-longest, longest));
            var (rows, columns) = ((int)Math.Round(Math.Sqrt(area / aspect)), (int)Math.Round(Math.Sqrt(area * aspect)));
            if (rows >= 1 && columns >= 1 && rows < height && columns < width)
            {
                var (left, top) = (random.NextInt32(width - columns + 1), random.NextInt32(height - rows + 1));
                var noise = new DeterministicRandom(random.NextSeed());
                for (var row = 0; row < image.Length / (height * width) * rows; row++)
                {
                    var start = (((row / rows * height) + top + (row % rows)) * width) + left;
                    foreach (ref var value in image.Slice(start, columns))
                    {
                        value = (noise.NextUInt64() >> 40) * (1f / (1 << 24));
                    }
                }

                return;
            }
        }
    }
}
