using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>What is measured on a photo's pixels.</summary>
internal readonly record struct PhotoMeasures
{
    /// <summary>The sides that a picture needs to be measured as if it were larger.</summary>
    public const int LeastSide = 2 * WorkingSide;

    private const int WorkingSide = 256;
    private const int TileSide = 16;
    private const int NearlyBlack = 16;
    private const int NearlyWhite = 239;

    /// <summary>The mean grey, 0 black to 1 white.</summary>
    public double Brightness { get; private init; }

    /// <summary>The standard deviation of the grey, 0 to 0.5.</summary>
    public double Spread { get; private init; }

    /// <summary>The share of nearly black pixels.</summary>
    public double BlackShare { get; private init; }

    /// <summary>The share of nearly white pixels.</summary>
    public double WhiteShare { get; private init; }

    /// <summary>How sharp the sharpest part is; see <see cref="PhotoFacts.Sharpness"/>.</summary>
    public double Sharpness { get; private init; }

    /// <summary>What the photo looks like.</summary>
    public PerceptualHash Hash { get; private init; }

    /// <summary>Measures a picture.</summary>
    public static PhotoMeasures Of(DecodedImage image)
    {
        var grey = ReadGrey(image);
        var (sum, squares, black, white) = (0.0, 0.0, 0, 0);
        foreach (var value in grey.Values)
        {
            sum += value;
            squares += (double)value * value;
            black += value < NearlyBlack ? 1 : 0;
            white += value > NearlyWhite ? 1 : 0;
        }

        var count = grey.Values.Length;
        var mean = sum / count;
        return new PhotoMeasures
        {
            Brightness = mean / 255,
            Spread = Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))) / 255,
            BlackShare = (double)black / count,
            WhiteShare = (double)white / count,
            Sharpness = MeasureSharpness(grey),
            Hash = PerceptualHash.Of(grey),
        };
    }

    /// <summary>The picture in grey, reduced until it fits 256 x 256; a smaller one as it is, for enlarging would blur it.</summary>
    private static PixelPlane ReadGrey(DecodedImage image)
    {
        var scale = Math.Min(1, (double)WorkingSide / Math.Max(image.Width, image.Height));
        var (width, height) = (Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
        return PlaneResampler.Resize(ReadRow, image.Width, image.Height, width, height);

        void ReadRow(int y, Span<float> row)
        {
            var pixels = image.Rgb.AsSpan(3 * y * image.Width, 3 * image.Width);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = Luma.Of(pixels[3 * x], pixels[(3 * x) + 1], pixels[(3 * x) + 2]);
            }
        }
    }

    /// <summary>The variance of the Laplacian in tiles of 16 x 16 pixels; of these the mean of the sharpest tenth.</summary>
    private static double MeasureSharpness(PixelPlane grey)
    {
        var tiles = new List<double>();
        for (var top = 1; top + 1 < grey.Height; top += TileSide)
        {
            for (var left = 1; left + 1 < grey.Width; left += TileSide)
            {
                tiles.Add(LaplacianVariance(grey, left, top, Math.Min(left + TileSide, grey.Width - 1), Math.Min(top + TileSide, grey.Height - 1)));
            }
        }

        return tiles.OrderDescending().Take(Math.Max(1, tiles.Count / 10)).DefaultIfEmpty(0).Average();
    }

    private static double LaplacianVariance(PixelPlane grey, int left, int top, int right, int bottom)
    {
        var (sum, squares, width, values) = (0.0, 0.0, grey.Width, grey.Values);
        for (var y = top; y < bottom; y++)
        {
            for (var at = (y * width) + left; at < (y * width) + right; at++)
            {
                var laplacian = values[at - 1] + values[at + 1] + values[at - width] + values[at + width] - (4 * values[at]);
                sum += laplacian;
                squares += (double)laplacian * laplacian;
            }
        }

        var count = (right - left) * (bottom - top);
        return Math.Max(0, (squares / count) - (sum / count * (sum / count)));
    }
}
