using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>The outer frame of a picture, in a size in which nothing but colors is left: borders, backgrounds, stamps.</summary>
internal static class PictureFrame
{
    private const int Side = 12;
    private const int Ring = 2;

    /// <summary>The number of values: red, green and blue of each pixel of the ring.</summary>
    public const int Length = 3 * ((Side * Side) - ((Side - (2 * Ring)) * (Side - (2 * Ring))));

    /// <summary>Reduces a picture to 12 x 12 pixels and gives the outer two of them.</summary>
    public static byte[] Of(DecodedImage image) =>
    [
        .. ImageResizer.Resize(image, 3, Side, Side).Values
            .Where((_, i) => IsWithin(Ring, i / 3))
            .Select(FloatImage.Round),
    ];

    /// <summary>The mean color of the outermost pixels, for a border may be narrower than the ring.</summary>
    public static (double R, double G, double B) BorderColor(byte[] frame)
    {
        var places = Enumerable.Range(0, Side * Side).Where(i => IsWithin(Ring, i));
        var border = frame.Chunk(3).Zip(places).Where(pixel => IsWithin(1, pixel.Second)).Select(pixel => pixel.First).ToList();
        return (border.Average(pixel => pixel[0]), border.Average(pixel => pixel[1]), border.Average(pixel => pixel[2]));
    }

    // Whether a pixel of the reduced picture lies in a ring of some width along its edges.
    private static bool IsWithin(int ring, int pixel) =>
        Math.Min(pixel % Side, pixel / Side) < ring || Math.Max(pixel % Side, pixel / Side) >= Side - ring;
}
