namespace PhotoMl.Data;

/// <summary>Resizes a picture with a triangle filter that widens with the reduction.</summary>
/// <remarks>
/// Enlarging, it is bilinear interpolation; reducing, every source pixel counts, so nothing aliases (P. Heckbert, "Fundamentals of Texture Mapping
/// and Image Warping", 1989, section 3.5; the same as Pillow's BILINEAR). It never overshoots, as Lanczos does at ink, and managed code gives the same
/// bytes on every platform. Values are averaged as they are stored, in sRGB, as Pillow and torchvision do.
/// </remarks>
internal static class PlaneResampler
{
    /// <summary>Writes one row of the source.</summary>
    public delegate void RowReader(int y, Span<float> row);

    /// <summary>Resizes what a reader gives row by row, so that a large photo is never held a second time.</summary>
    public static PixelPlane Resize(RowReader read, int width, int height, int targetWidth, int targetHeight)
    {
        var result = new PixelPlane(targetWidth, targetHeight);
        var columns = Taps.Make(width, targetWidth);
        var rows = Taps.Make(height, targetHeight);
        var source = new float[width];
        var reduced = new float[targetWidth];

        var first = 0;
        for (var y = 0; y < height; y++)
        {
            read(y, source);
            for (var x = 0; x < targetWidth; x++)
            {
                reduced[x] = columns[x].Sum(source);
            }

            while (first < targetHeight && rows[first].End <= y)
            {
                first++;
            }

            for (var row = first; row < targetHeight && rows[row].Start <= y; row++)
            {
                var weight = rows[row].Weights[y - rows[row].Start];
                var target = result.Values.AsSpan(row * targetWidth, targetWidth);
                for (var x = 0; x < target.Length; x++)
                {
                    target[x] += weight * reduced[x];
                }
            }
        }

        return result;
    }

    /// <summary>The source pixels that one target pixel is made of.</summary>
    private readonly record struct Taps(int Start, float[] Weights)
    {
        public int End => Start + Weights.Length;

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

        public float Sum(ReadOnlySpan<float> source)
        {
            var pixels = source.Slice(Start, Weights.Length);
            var sum = 0f;
            for (var k = 0; k < pixels.Length; k++)
            {
                sum += pixels[k] * Weights[k];
            }

            return sum;
        }
    }
}
