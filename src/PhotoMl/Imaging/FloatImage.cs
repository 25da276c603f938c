using System.Runtime.Intrinsics;

namespace PhotoMl.Imaging;

/// <summary>A picture while it is worked on: (height, width, channels), in bytes' range, 0 to 255, but not rounded.</summary>
internal sealed class FloatImage(int width, int height, float[]? values = null, int channels = 1)
{
    public int Width { get; } = width;
    public int Height { get; } = height;
    public int Channels { get; } = channels;
    public float[] Values { get; } = values ?? new float[channels * width * height];

    /// <summary>A pixel of a picture of one channel.</summary>
    public float this[int x, int y]
    {
        get => Values[(y * Width) + x];
        set => Values[(y * Width) + x] = value;
    }

    public static byte Round(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);

    /// <summary>The values as bytes, rounded to nearest, ties to even.</summary>
    public byte[] Round()
    {
        var bytes = new byte[Values.Length];
        var i = 0;
        for (; i <= bytes.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var clamped = Vector512.Clamp(Vector512.Create(Values, i), Vector512<float>.Zero, Vector512.Create(255f));
            var rounded = Vector512.ConvertToInt32(Vector512.Round(clamped));
            var shorts = Vector256.Narrow(rounded.GetLower(), rounded.GetUpper());
            Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).AsByte().CopyTo(bytes, i);
        }

        for (; i < bytes.Length; i++)
        {
            bytes[i] = Round(Values[i]);
        }

        return bytes;
    }

    /// <summary>How light a color is: (299 R + 587 G + 114 B) / 1000 of ITU-R BT.601, computed as Pillow's mode L does.</summary>
    /// <remarks>The factors are 65536 times 0.299, 0.587 and 0.114; a gray pixel keeps its value exactly.</remarks>
    public static byte Luma(byte red, byte green, byte blue) => (byte)(((19595 * red) + (38470 * green) + (7471 * blue) + 0x8000) >> 16);

    /// <summary>The largest size of a picture's aspect ratio that fits; at least one pixel each way.</summary>
    public static (int Width, int Height) FitInside(int width, int height, int maximumWidth, int maximumHeight, bool enlarge = false)
    {
        var scale = Math.Min(Math.Min((double)maximumWidth / width, (double)maximumHeight / height), enlarge ? double.MaxValue : 1);
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    public FloatImage Invert() => new(Width, Height, Array.ConvertAll(Values, value => 255 - value), Channels);

    public FloatImage Resize(int width, int height) =>
        width == Width && height == Height ? this : ImageResizer.Resize(this, width, height);

    /// <summary>Cuts out a rectangle; what lies outside of the picture has the value given for each channel, or 0.</summary>
    public FloatImage Crop(int left, int top, int width, int height, float[]? outside = null)
    {
        var crop = new FloatImage(width, height, channels: Channels);
        for (var i = 0; i < crop.Values.Length; i++)
        {
            var (x, y, channel) = (left + (i / Channels % width), top + (i / Channels / width), i % Channels);
            var isInside = x >= 0 && y >= 0 && x < Width && y < Height;
            crop.Values[i] = isInside ? Values[(Channels * ((y * Width) + x)) + channel] : outside?[channel] ?? 0;
        }

        return crop;
    }

    public IEnumerable<float> Channel(int channel) => Values.Where((_, i) => i % Channels == channel);

    public bool IsBorder(int pixel) =>
        pixel % Width == 0 || pixel % Width == Width - 1 || pixel < Width || pixel >= Width * (Height - 1);

    /// <summary>The median of each channel's outermost pixels, which stands for the picture's background.</summary>
    public float[] BorderMedians() => [.. Enumerable.Range(0, Channels).Select(channel =>
    {
        var border = Channel(channel).Where((_, pixel) => IsBorder(pixel)).Order().ToArray();
        return border[border.Length / 2];
    })];
}
