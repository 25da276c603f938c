using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PhotoMl.Data;

/// <summary>Flips, shifts, rotates, scales and shears every image of a batch differently, in one resampling from its bytes.</summary>
internal sealed unsafe class AffineAugmenter(AugmentationOptions options)
{
    /// <summary>Augments a batch of images: (N, C, H, W), float32 in [0, 1], bilinear, zero outside the original.</summary>
    /// <param name="pixels">Images, (N, C, H, W), uint8.</param>
    /// <param name="areFlipped">Which of them are flipped horizontally first.</param>
    /// <param name="random">The random numbers of the batch.</param>
    public Tensor Apply(Tensor pixels, IReadOnlyList<bool> areFlipped, DeterministicRandom random)
    {
        if (options is { Strength: 0, CropPadding: 0 } && !areFlipped.Contains(true))
        {
            return PixelBatch.ToNetworkInput(pixels);
        }

        using var scope = NewDisposeScope();
        var (channels, height, width) = ((int)pixels.shape[1], (int)pixels.shape[2], (int)pixels.shape[3]);
        AffineMap[] maps = [.. areFlipped.Select(isFlipped => Draw(random, isFlipped, height, width))];
        var source = pixels.cpu().contiguous();
        var result = empty(pixels.shape, ScalarType.Float32);
        var images = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(source.bytes));
        var augmented = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(result.bytes));
        var padded = PaddedLength(height, width);
        var work = new float[ParallelRanges.Parts * padded];
        ParallelRanges.For(maps.Length, (part, start, end) =>
        {
            fixed (float* copy = &work[part * padded])
            {
                for (var plane = (long)start * channels; plane < (long)end * channels; plane++)
                {
                    var at = plane * height * width;
                    Pad(images + at, copy, height, width);
                    Resample(copy, augmented + at, height, width, maps[plane / channels]);
                }
            }
        });
        return result.to(pixels.device).MoveToOuterDisposeScope();
    }

    private static int PaddedLength(int height, int width) => (height + 3) * (width + 3);

    // With a border of zeros, one before and two after, so that each place that is not outside of it has four pixels around it.
    private static void Pad(byte* image, float* padded, int height, int width)
    {
        new Span<float>(padded, PaddedLength(height, width)).Clear();
        for (var y = 0; y < height; y++)
        {
            var row = padded + ((y + 1) * (width + 3)) + 1;
            for (var x = 0; x < width; x++)
            {
                row[x] = image[(y * width) + x] * (1 / 255f);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Resample(float* padded, float* result, int height, int width, AffineMap map)
    {
        var isVector = Avx2.IsSupported && width >= Vector256<float>.Count;
        for (var y = 0; y < height; y++, result += width)
        {
            var (startX, startY) = (map.X + (y * map.XByY), map.Y + (y * map.YByY));
            for (var x = 0; isVector && x < width; x += Vector256<float>.Count)
            {
                var first = Math.Min(x, width - Vector256<float>.Count); // the last of a row overlap those before
                var columns = Vector256.ConvertToSingle(Vector256.Create(first) + Vector256<int>.Indices);
                var (left, restX) = Divide(Vector256.Create(startX) + (columns * map.XByX), width + 1f);
                var (top, restY) = Divide(Vector256.Create(startY) + (columns * map.YByX), height + 1f);
                var corners = (top * (width + 3)) + left;
                var above = Row(padded, corners, restX);
                var below = Row(padded + width + 3, corners, restX);
                Between(above, below, restY).Store(result + first);
            }

            for (var x = isVector ? width : 0; x < width; x++)
            {
                var (left, restX) = Divide(startX + (x * map.XByX), width + 1f);
                var (top, restY) = Divide(startY + (x * map.YByX), height + 1f);
                var corner = padded + (top * (width + 3)) + left;
                var above = corner[0] + ((corner[1] - corner[0]) * restX);
                var below = corner[width + 3] + ((corner[width + 4] - corner[width + 3]) * restX);
                result[x] = above + ((below - above) * restY);
            }
        }
    }

    // The whole part of a place and the share beyond it; places end at the last one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Whole, float Share) Divide(float place, float last)
    {
        place = float.MinNative(float.MaxNative(place, 0), last);
        return ((int)place, place - (int)place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> Whole, Vector256<float> Share) Divide(Vector256<float> place, float last)
    {
        place = Vector256.MinNative(Vector256.MaxNative(place, Vector256<float>.Zero), Vector256.Create(last));
        var whole = Vector256.ConvertToInt32Native(place);
        return (whole, place - Vector256.ConvertToSingle(whole));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(float* pixels, Vector256<int> left, Vector256<float> share) =>
        Between(Avx2.GatherVector256(pixels, left, 4), Avx2.GatherVector256(pixels + 1, left, 4), share);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Between(Vector256<float> first, Vector256<float> second, Vector256<float> share) =>
        first + ((second - first) * share);

    private AffineMap Draw(DeterministicRandom random, bool isFlipped, int height, int width)
    {
        var angle = DrawOne(options.Rotation) * Math.PI / 180;
        var scaleX = 1 + DrawOne(options.Scale);
        var scaleY = 1 + DrawOne(options.Scale);
        var shear = DrawOne(options.Shear);
        var (sin, cos) = Math.SinCos(angle);

        // In coordinates from -1 to 1 over each axis, as torch's affine_grid has them.
        var (xx, xy, x) = (scaleX * cos, scaleX * ((shear * cos) - sin), 2 * DrawShift(width));
        var (yx, yy, y) = (scaleY * sin, scaleY * ((shear * sin) + cos), 2 * DrawShift(height));
        (xx, xy, x) = isFlipped ? (-xx, -xy, -x) : (xx, xy, x);
        var (firstX, firstY) = ((1.0 / width) - 1, (1.0 / height) - 1);
        return new AffineMap(
            (float)ToPlace(x + (xx * firstX) + (xy * firstY), width), (float)xx, (float)(xy * width / height),
            (float)ToPlace(y + (yx * firstX) + (yy * firstY), height), (float)(yx * height / width), (float)yy);

        double DrawShift(int size)
        {
            var shift = DrawOne(options.Shift);
            var padding = options.CropPadding;
            return padding == 0 ? shift : shift + ((double)(random.NextInt32((2 * padding) + 1) - padding) / size);
        }

        double DrawOne(double limit) => random.NextDouble(-1, 1) * limit * options.Strength;
        static double ToPlace(double coordinate, int size) => ((((coordinate + 1) * size) - 1) / 2) + 1;
    }

    // The place in the padded original that the first pixel of the result shows, and how it moves from pixel to pixel.
    private readonly record struct AffineMap(float X, float XByX, float XByY, float Y, float YByX, float YByY);
}
