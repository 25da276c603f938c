using System.Numerics;
using System.Runtime.Intrinsics;

namespace PhotoMl.Imaging;

/// <summary>Resizes a picture with a triangle filter that widens with the reduction.</summary>
/// <remarks>Enlarging, it is bilinear interpolation; reducing, every source pixel counts, so nothing aliases (P. Heckbert, "Fundamentals of
/// Texture Mapping and Image Warping", 1989, section 3.5; the same as Pillow's BILINEAR). It never overshoots, as Lanczos does at ink, and
/// managed code gives the same bytes on every platform. Values are averaged as they are stored, in sRGB, as Pillow and torchvision
/// do.</remarks>
internal static class ImageResizer
{
    /// <summary>Resizes to gray, or to all three colors in one walk over the picture.</summary>
    public static FloatImage Resize(DecodedImage image, int channels, int targetWidth, int targetHeight)
    {
        return Resize(ReadRow, image.Width, image.Height, targetWidth, targetHeight, channels);

        void ReadRow(int y, float[] row)
        {
            var pixels = image.Rgb.AsSpan(3 * y * image.Width, 3 * image.Width);
            if (channels == 3)
            {
                ToFloats(pixels, row);
                return;
            }

            for (var i = 0; i < row.Length; i++)
            {
                row[i] = FloatImage.Luma(pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]);
            }
        }
    }

    /// <summary>Resizes what a reader gives row by row, so that a large photo is never held a second time; it is asked for a row
    /// repeatedly.</summary>
    public static FloatImage Resize(Action<int, float[]> read, int width, int height, int targetWidth, int targetHeight, int channels = 1)
    {
        var result = new float[channels * targetWidth * targetHeight];
        var columns = Taps.Make(width, targetWidth);
        var rows = Taps.Make(height, targetHeight);
        var source = new float[channels * width];
        var sums = new float[channels * width];
        for (var row = 0; row < targetHeight; row++)
        {
            // First the weighted sum of the source's rows, by vectors, then along that one row.
            Array.Clear(sums);
            for (var k = 0; k < rows[row].Weights.Length; k++)
            {
                read(rows[row].Start + k, source);
                AddScaled(source, rows[row].Weights[k], sums);
            }

            for (var x = 0; x < targetWidth; x++)
            {
                var at = channels * ((row * targetWidth) + x);
                if (channels == 3)
                {
                    columns[x].SumColors(sums, result.AsSpan(at, 3));
                }
                else
                {
                    result[at] = Dot(sums.AsSpan(columns[x].Start, columns[x].Weights.Length), columns[x].Weights);
                }
            }
        }

        return new FloatImage(targetWidth, targetHeight, result, channels);
    }

    /// <summary>The sum of products in their order, which is rounded alike on every machine.</summary>
    public static float Dot(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        var sum = 0f;
        for (var i = 0; i < values.Length; i++)
        {
            sum += values[i] * weights[i];
        }

        return sum;
    }

    private static void ToFloats(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        var i = 0;
        for (; i <= bytes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.WidenLower(Vector128.Create(bytes.Slice(i)).ToVector256Unsafe()));
            Vector512.ConvertToSingle(Vector512.Create(low, high).AsInt32()).CopyTo(floats[i..]);
        }

        for (; i < bytes.Length; i++)
        {
            floats[i] = bytes[i];
        }
    }

    private static void AddScaled(ReadOnlySpan<float> values, float weight, Span<float> target)
    {
        // Product and sum are rounded each for itself, vector or not, so that every machine gives the same.
        var i = 0;
        for (; i <= target.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var sum = new Vector<float>(target[i..]) + (new Vector<float>(values[i..]) * weight);
            sum.CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] += weight * values[i];
        }
    }

    private readonly record struct Taps(int Start, float[] Weights)
    {
        public static Taps[] Make(int sourceSize, int targetSize)
        {
            var scale = (double)sourceSize / targetSize;
            var support = Math.Max(scale, 1);
            var taps = new Taps[targetSize];
            for (var i = 0; i < targetSize; i++)
            {
                var center = (i + 0.5) * scale;
                var start = Math.Max(0, (int)(center - support + 0.5));
                var end = Math.Min(sourceSize, (int)(center + support + 0.5));
                var weights = new double[end - start];
                for (var k = 0; k < weights.Length; k++)
                {
                    weights[k] = Math.Max(0, 1 - Math.Abs((start + k + 0.5 - center) / support));
                }

                var sum = weights.Sum();
                taps[i] = new Taps(start, [.. weights.Select(weight => (float)(weight / sum))]);
            }

            return taps;
        }

        public void SumColors(ReadOnlySpan<float> source, Span<float> sums)
        {
            var pixels = source.Slice(3 * Start, 3 * Weights.Length);
            var (red, green, blue) = (0f, 0f, 0f);
            for (var k = 0; k < Weights.Length; k++)
            {
                var weight = Weights[k];
                red += pixels[3 * k] * weight;
                green += pixels[(3 * k) + 1] * weight;
                blue += pixels[(3 * k) + 2] * weight;
            }

            (sums[0], sums[1], sums[2]) = (red, green, blue);
        }
    }
}
