namespace PhotoMl.Imaging;

/// <summary>One channel of a picture while it is worked on; values are bytes' range, 0 to 255, but not rounded.</summary>
internal sealed class PixelPlane(int width, int height, float[] values)
{
    public PixelPlane(int width, int height)
        : this(width, height, new float[width * height])
    {
    }

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>The pixels row by row.</summary>
    public float[] Values { get; } = values;

    public float this[int x, int y]
    {
        get => Values[(y * Width) + x];
        set => Values[(y * Width) + x] = value;
    }

    public void CopyRow(int y, Span<float> row) => Values.AsSpan(y * Width, Width).CopyTo(row);

    public void Invert()
    {
        for (var i = 0; i < Values.Length; i++)
        {
            Values[i] = 255 - Values[i];
        }
    }

    /// <summary>Resizes the plane; see <see cref="PlaneResampler"/>.</summary>
    public PixelPlane Resize(int width, int height) =>
        width == Width && height == Height ? this : PlaneResampler.Resize(CopyRow, Width, Height, width, height);

    /// <summary>Cuts out a rectangle; what lies outside of the plane is 0.</summary>
    public PixelPlane Crop(int left, int top, int width, int height)
    {
        var crop = new PixelPlane(width, height);
        for (var y = Math.Max(0, -top); y < Math.Min(height, Height - top); y++)
        {
            for (var x = Math.Max(0, -left); x < Math.Min(width, Width - left); x++)
            {
                crop[x, y] = this[left + x, top + y];
            }
        }

        return crop;
    }

    /// <summary>The median of the outermost pixels, which stands for the picture's ground.</summary>
    public float BorderMedian()
    {
        var border = new List<float>((2 * Width) + (2 * Height));
        for (var x = 0; x < Width; x++)
        {
            border.Add(this[x, 0]);
            border.Add(this[x, Height - 1]);
        }

        for (var y = 1; y < Height - 1; y++)
        {
            border.Add(this[0, y]);
            border.Add(this[Width - 1, y]);
        }

        border.Sort();
        return border[border.Count / 2];
    }
}
