using System.Numerics;
using System.Runtime.InteropServices;

namespace PhotoMl.Data;

/// <summary>The light a photo is shown in: brightness, contrast, saturation and hue, as one linear map of its colors.</summary>
/// <remarks>Brightness, contrast and saturation are blends with black, the mean luma and each pixel's luma (P. Haeberli, D. Voorhies,
/// "Image Processing by Interpolation and Extrapolation", 1994). Hue turns the chroma plane of YIQ, the color space of NTSC, which keeps
/// the luma; torchvision's turns that of HSV instead. All of them are linear, so together they are one matrix, after which values are cut
/// to [0, 1] once.</remarks>
internal readonly record struct PhotoColors(float Brightness, float Contrast, float Saturation, float Hue)
{
    private const float Red = 0.299f;
    private const float Green = 0.587f;
    private const float Blue = 0.114f;

    public static PhotoColors Plain { get; } = new(1, 1, 1, 0);

    public static PhotoColors Draw(PhotoAugmentationOptions options, DeterministicRandom random)
    {
        return new PhotoColors(1 + Draw(options.Brightness), 1 + Draw(options.Contrast), 1 + Draw(options.Saturation), Draw(options.Hue));

        float Draw(double limit) => (float)(random.NextDouble(-1, 1) * limit);
    }

    /// <summary>Shows an image in this light, and brings it from [0, 255] to [0, 1].</summary>
    public void Apply(Span<float> image, int channels)
    {
        if (this == Plain)
        {
            foreach (ref var value in image)
            {
                value /= 255; // as PixelBatch does, to the same bits
            }
        }
        else if (channels == 1)
        {
            var (scale, shift) = (Brightness * Contrast / 255, Brightness * (1 - Contrast) * Mean(image) / 255);
            foreach (ref var value in image)
            {
                value = Math.Clamp((value * scale) + shift, 0, 1);
            }
        }
        else
        {
            var plane = image.Length / 3;
            ApplyToColor(image[..plane], image.Slice(plane, plane), image[(2 * plane)..]);
        }
    }

    private void ApplyToColor(Span<float> red, Span<float> green, Span<float> blue)
    {
        var mean = (Red * Mean(red)) + (Green * Mean(green)) + (Blue * Mean(blue));
        var shift = new Vector<float>(Brightness * (1 - Contrast) * mean / 255);
        var m = Matrix(Brightness * Contrast / 255);
        var (zero, one) = (Vector<float>.Zero, Vector<float>.One);
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= red.Length - width; i += width)
        {
            var (r, g, b) = (new Vector<float>(red[i..]), new Vector<float>(green[i..]), new Vector<float>(blue[i..]));
            Vector.Min(Vector.Max((r * m[0]) + (g * m[1]) + (b * m[2]) + shift, zero), one).CopyTo(red[i..]);
            Vector.Min(Vector.Max((r * m[3]) + (g * m[4]) + (b * m[5]) + shift, zero), one).CopyTo(green[i..]);
            Vector.Min(Vector.Max((r * m[6]) + (g * m[7]) + (b * m[8]) + shift, zero), one).CopyTo(blue[i..]);
        }

        for (; i < red.Length; i++)
        {
            var (r, g, b) = (red[i], green[i], blue[i]);
            red[i] = Math.Clamp((r * m[0]) + (g * m[1]) + (b * m[2]) + shift[0], 0, 1);
            green[i] = Math.Clamp((r * m[3]) + (g * m[4]) + (b * m[5]) + shift[0], 0, 1);
            blue[i] = Math.Clamp((r * m[6]) + (g * m[7]) + (b * m[8]) + shift[0], 0, 1);
        }
    }

    /// <summary>Computes the matrix of saturation and hue, times a factor; row by row.</summary>
    private float[] Matrix(float factor)
    {
        // A color is its luma and two coordinates of chroma, I and Q; these are turned and stretched.
        var (sin, cos) = MathF.SinCos(2 * MathF.PI * Hue);
        float[] inPhase = [0.595716f, -0.274453f, -0.321263f];
        float[] quadrature = [0.211456f, -0.522591f, 0.311135f];
        float[] luma = [Red, Green, Blue];
        (float I, float Q)[] back = [(0.956296f, 0.621024f), (-0.272122f, -0.647381f), (-1.106989f, 1.704615f)];
        var matrix = new float[9];
        for (var row = 0; row < 3; row++)
        {
            var i = Saturation * ((back[row].I * cos) + (back[row].Q * sin));
            var q = Saturation * ((back[row].Q * cos) - (back[row].I * sin));
            for (var column = 0; column < 3; column++)
            {
                matrix[(3 * row) + column] = factor * (luma[column] + (i * inPhase[column]) + (q * quadrature[column]));
            }
        }

        return matrix;
    }

    private static float Mean(ReadOnlySpan<float> values)
    {
        // The sums of many columns: fast, and rounded less than one sum would be.
        var sums = Vector<float>.Zero;
        foreach (var vector in MemoryMarshal.Cast<float, Vector<float>>(values))
        {
            sums += vector;
        }

        var sum = Vector.Sum(sums);
        foreach (var value in values[^(values.Length % Vector<float>.Count)..])
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
