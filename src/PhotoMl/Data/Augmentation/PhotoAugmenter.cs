using System.Buffers;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>Crops, mirrors, turns, recolours and erases every photo of a batch differently, in one resampling from its bytes.</summary>
/// <param name="options">How much.</param>
/// <remarks>
/// The photo goes from bytes to what the network is given while it is in the processor's cache. torch's grid_sample would need the batch as float32 and a grid
/// of two numbers a pixel first, and does not average where a crop shrinks.
/// </remarks>
internal sealed class PhotoAugmenter(PhotoAugmentationOptions options)
{
    /// <summary>Varies a batch of photos.</summary>
    /// <param name="pixels">Pixels, (N, C, H, W), uint8, of 1 or 3 channels; left as they are.</param>
    /// <param name="random">Where the variations come from.</param>
    /// <returns>Images, (N, C, h, w), float32 in [0, 1], of the size of <see cref="PhotoAugmentationOptions.TrainImageSize"/>; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The pixels have another shape or dtype.</exception>
    public Tensor Apply(Tensor pixels, DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(random);
        var shape = pixels.shape;
        if (pixels.dtype != ScalarType.Byte || shape.Length != 4 || shape[1] is not (1 or 3) || shape[2] < 1 || shape[3] < 1)
        {
            throw new ArgumentException($"Expected pixels (N, 1 or 3, H, W) of uint8 but got ({string.Join(", ", shape)}) of {pixels.dtype}.", nameof(pixels));
        }

        using var scope = NewDisposeScope();
        var (count, channels, height, width) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
        var (newHeight, newWidth) = options.OutputSize(height, width);
        var source = pixels.cpu().contiguous();
        var varied = empty([count, channels, newHeight, newWidth], ScalarType.Float32);
        var photos = new PhotoBatch(source, varied, channels, (height, width), (newHeight, newWidth));
        var variations = new PhotoVariation[count];
        for (var i = 0; i < count; i++)
        {
            variations[i] = PhotoVariation.Draw(options, random.NextSeed(), photos);
        }

        var parts = ParallelRanges.Parts;
        var workLength = PhotoResampler.WorkLength(photos.Size);
        var work = new float[parts][];
        for (var part = 0; part < parts; part++)
        {
            work[part] = ArrayPool<float>.Shared.Rent(workLength);
        }

        ParallelRanges.For(count, parts, (part, start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                variations[i].Apply(photos, i, work[part]);
            }
        });
        Array.ForEach(work, memory => ArrayPool<float>.Shared.Return(memory));
        return varied.to(pixels.device).MoveToOuterDisposeScope();
    }
}
