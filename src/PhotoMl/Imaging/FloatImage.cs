namespace PhotoMl.Imaging;

/// <summary>One channel of a picture while it is worked on; values are bytes' range, 0 to 255, but not rounded.</summary>
internal sealed class FloatImage(int width, int height, float[] values)
{
    public FloatImage(int width, int height)
        : this(width, height, new float[width * height])
    {
    }

    public int Width { get; } = width;
    public int Height { get; } = height;
    public float[] Values { get; } = values;

    public float this[int x, int y]
    {
        get => Values[(y * Width) + x];
        set => Values[(y * Width) + x] = value;
    }

    public static byte Round(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);

    /// <summary>How light a color is: (299 R + 587 G + 114 B) / 1000 of ITU-R BT.601, computed as Pillow's mode L does.</summary>
    /// <remarks>The factors are 65536 times 0.299, 0.587 and 0.114; a gray pixel keeps its value exactly.</remarks>
    public static byte Luma(byte red, byte green, byte blue) => (byte)(((19595 * red) + (38470 * green) + (7471 * blue) + 0x8000) >> 16);

    /// <summary>The largest size of a picture's aspect ratio that fits; at least one pixel each way.</summary>
    public static (int Width, int Height) FitInside(int width, int height, int maximumWidth, int maximumHeight, bool enlarge = false)
    {
        var scale = Math.Min(Math.Min((double)maximumWidth / width, (double)maximumHeight / height), enlarge ? double.MaxValue : 1);
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    public void Invert()
    {
        for (var i = 0; i < Values.Length; i++)
        {
            Values[i] = 255 - Values[i];
        }
    }

    public FloatImage Resize(int width, int height) => width == Width && height == Height
        ? this
        : ImageResizer.Resize((y, row) => Values.AsSpan(y * Width, Width).CopyTo(row), Width, Height, width, height);

    /// <summary>Cuts out a rectangle; what lies outside of the image has the value given.</summary>
    public FloatImage Crop(int left, int top, int width, int height, float outside = 0)
    {
        var crop = new FloatImage(width, height);
        Array.Fill(crop.Values, outside);
        for (var y = Math.Max(0, -top); y < Math.Min(height, Height - top); y++)
        {
            for (var x = Math.Max(0, -left); x < Math.Min(width, Width - left); x++)
            {
                crop[x, y] = this[left + x, top + y];
            }
        }

        return crop;
    }

    /// <summary>The median of the outermost pixels, which stands for the picture's background.</summary>
    public float BorderMedian()
    {
        var border = Values.Where((_, i) => i % Width == 0 || i % Width == Width - 1 || i < Width || i >= Width * (Height - 1));
        var sorted = border.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
