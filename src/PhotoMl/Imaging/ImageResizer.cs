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
        byte[] luma = []; // of the rows that are added up, so that a large photo is never held a second time
        return Resize<byte>(RowsOf, image.Width, image.Height, targetWidth, targetHeight, channels);

        ReadOnlySpan<byte> RowsOf(Taps rows)
        {
            var rgb = image.Pixels.Slice(3 * rows.Start * image.Width, 3 * rows.Weights.Length * image.Width);
            return channels == 3 ? rgb : ToLuma(rgb);
        }

        Span<byte> ToLuma(Span<byte> rgb)
        {
            luma = luma.Length < rgb.Length / 3 ? new byte[rgb.Length / 3] : luma;
            for (var i = 0; i < rgb.Length / 3; i++)
            {
                luma[i] = FloatImage.Luma(rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]);
            }

            return luma;
        }
    }

    public static FloatImage Resize(FloatImage image, int targetWidth, int targetHeight)
    {
        var line = image.Width * image.Channels;
        return Resize<float>(
            rows => image.Values.AsSpan(rows.Start * line, rows.Weights.Length * line),
            image.Width, image.Height, targetWidth, targetHeight, image.Channels);
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

    private static FloatImage Resize<T>(
        Func<Taps, ReadOnlySpan<T>> source, int width, int height, int targetWidth, int targetHeight, int channels)
        where T : unmanaged, INumber<T>
    {
        var result = new float[channels * targetWidth * targetHeight];
        var columns = Taps.Make(width, targetWidth);
        var rows = Taps.Make(height, targetHeight);
        var sums = new float[(channels * width) + 1]; // the last color is read as four numbers too
        for (var row = 0; row < targetHeight; row++)
        {
            // First the weighted sum of the source's rows, by vectors, then along that one row.
            AddUp(source(rows[row]), rows[row].Weights, sums.AsSpan(0, channels * width));
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

    // Of bytes or float32. Here as in the sums below, product and sum are rounded each for itself, vector or not, so that every machine
    // gives the same.
    private static unsafe void AddUp<T>(ReadOnlySpan<T> rows, float[] weights, Span<float> sums)
        where T : unmanaged, INumber<T>
    {
        rows = rows[..(weights.Length * sums.Length)];
        var i = 0;
        fixed (T* source = rows)
        {
            for (; i <= sums.Length - Lanes16.Count; i += Lanes16.Count)
            {
                var sum = Vector512<float>.Zero;
                var from = source + i;
                for (var k = 0; k < weights.Length; k++, from += sums.Length)
                {
                    var values = typeof(T) == typeof(byte)
                        ? Vector512.ConvertToSingle(Lanes16.LoadBytes((byte*)from))
                        : Vector512.Load((float*)from);
                    sum += values * weights[k];
                }

                sum.CopyTo(sums[i..]);
            }
        }

        for (; i < sums.Length; i++)
        {
            sums[i] = 0;
            for (var k = 0; k < weights.Length; k++)
            {
                sums[i] += float.CreateTruncating(rows[(k * sums.Length) + i]) * weights[k];
            }
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
            var sum = Vector128<float>.Zero;
            source = source[(3 * Start)..];
            foreach (var weight in Weights)
            {
                sum += Vector128.Create(source) * weight;
                source = source[3..];
            }

            (sums[0], sums[1], sums[2]) = (sum[0], sum[1], sum[2]);
        }
    }
}
