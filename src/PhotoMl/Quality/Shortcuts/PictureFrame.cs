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
            .Where((_, i) => i / 3 % Side is < Ring or >= Side - Ring || i / 3 / Side is < Ring or >= Side - Ring)
            .Select(FloatImage.Round),
    ];

    /// <summary>The mean color of the outermost pixels, for a border may be narrower than the ring.</summary>
    public static (double R, double G, double B) BorderColor(byte[] frame)
    {
        var places = Enumerable.Range(0, Side * Side).Select(i => (X: i % Side, Y: i / Side))
            .Where(at => at.X is < Ring or >= Side - Ring || at.Y is < Ring or >= Side - Ring);
        var border = frame.Chunk(3).Zip(places)
            .Where(pixel => pixel.Second.X is 0 or Side - 1 || pixel.Second.Y is 0 or Side - 1).Select(pixel => pixel.First).ToList();
        return (border.Average(pixel => pixel[0]), border.Average(pixel => pixel[1]), border.Average(pixel => pixel[2]));
    }
}
