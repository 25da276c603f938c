namespace PhotoMl.Explanation;

/// <summary>A number for each pixel of a network's input.</summary>
public sealed class Heatmap
{
    private readonly float[] _values;

    internal Heatmap(int height, int width, float[] values) => (Height, Width, _values) = (height, width, values);

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The numbers row by row.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The number of a pixel.</summary>
    /// <param name="y">Its row, from 0.</param>
    /// <param name="x">Its column, from 0.</param>
    public float this[int y, int x] => _values[(y * Width) + x];

    /// <summary>The sum of all numbers.</summary>
    public double Sum => _values.Sum(value => (double)value);

    /// <summary>Whether all numbers are the same, so that it marks nothing: a Grad-CAM where no activation is for the class.</summary>
    public bool IsUniform => !_values.AsSpan().ContainsAnyExcept(_values[0]);

    /// <summary>The numbers of a map, (..., rows, columns), float32.</summary>
    internal static Heatmap Of(Tensor map) => new((int)map.shape[^2], (int)map.shape[^1], map.contiguous().data<float>().ToArray());

    /// <summary>The number at any place, between the middles of pixels by bilinear interpolation and beyond the outermost as at
    /// them.</summary>
    internal float Sample(double x, double y)
    {
        x = Math.Clamp(x - 0.5, 0, Width - 1);
        y = Math.Clamp(y - 0.5, 0, Height - 1);
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, Width - 1), Math.Min(top + 1, Height - 1));
        var (toRight, toBottom) = (x - left, y - top);
        var upper = (this[top, left] * (1 - toRight)) + (this[top, right] * toRight);
        var lower = (this[bottom, left] * (1 - toRight)) + (this[bottom, right] * toRight);
        return (float)((upper * (1 - toBottom)) + (lower * toBottom));
    }
}
