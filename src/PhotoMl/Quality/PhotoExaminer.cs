using System.Security.Cryptography;
using PhotoMl.Data;
using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>Reads one photo and says what there is to say about it alone.</summary>
internal static class PhotoExaminer
{
    /// <summary>A picture whose gray varies less is one shade to the eye, and its hash nothing but noise.</summary>
    public const double FlatContrast = 2.0 / 255;

    private const int WorkingSide = 256;
    private const int TileSide = 16;
    private const int NearlyBlack = 16;
    private const int NearlyWhite = 239;

    /// <summary>Examines a photo, which may be open already and whose class is for the caller to add; whatever is wrong with the file is
    /// reported, not thrown.</summary>
    public static PhotoInfo Examine(PhotoEntry photo, OpenImage? opened = null)
    {
        var info = new PhotoInfo { Path = photo.Path, Class = "", Split = photo.Split };
        try
        {
            using var own = opened is null ? new OpenImage(photo.Path) : null;
            var image = opened ?? own!;
            var content = image.Content;
            var trimmed = ImageFormat.Find(content) is null ? JpegMarkers.TrimStart(content) : null; // as it is decoded
            var format = trimmed is null ? ImageFormat.Find(content) : "JPEG";
            var exif = ExifBlock.Read(trimmed ?? content);
            var named = Path.GetExtension(photo.Path).ToUpperInvariant() switch { ".JPG" => ".JPEG", var extension => extension };
            info = info with
            {
                Format = format,
                HasWrongExtension = format is not null
                    && named is ".JPEG" or ".PNG" or ".WEBP" or ".BMP" or ".GIF"
                    && !named.EndsWith(format, StringComparison.OrdinalIgnoreCase),
                Bytes = content.Length,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            };

            // Twice as large, so that how its format reduces does not show.
            var decoded = image.Decode(2 * WorkingSide, 2 * WorkingSide, isEitherEnough: true);
            return Measure(info, decoded) with
            {
                Taken = exif.Taken,
                Camera = exif.Camera,
                Lens = exif.Lens,
                Software = exif.Software,
                Orientation = exif.Orientation,
                JpegQuality = JpegQuality.Find(trimmed ?? content),
            };
        }
        catch (UnreadableImageException exception)
        {
            return info with { Problem = exception.Reason };
        }
    }

    /// <summary>Adds what is measured on the pixels of a picture: in gray, reduced until it fits 256 x 256; a smaller one as it is, for
    /// enlarging would blur it.</summary>
    internal static PhotoInfo Measure(PhotoInfo info, DecodedImage image)
    {
        var (width, height) = FloatImage.FitInside(image.Width, image.Height, WorkingSide, WorkingSide);
        var gray = ImageResizer.Resize(image, 1, width, height);
        var mean = gray.Values.Average(value => (double)value);
        var contrast = Math.Sqrt(Math.Max(0, gray.Values.Average(value => (double)value * value) - (mean * mean))) / 255;
        var (hash, fineHash) = PerceptualHash.Of(gray);
        return info with
        {
            Width = image.FullSize.Width,
            Height = image.FullSize.Height,
            Brightness = mean / 255,
            Contrast = contrast,
            BlackShare = (double)gray.Values.Count(value => value < NearlyBlack) / gray.Values.Length,
            WhiteShare = (double)gray.Values.Count(value => value > NearlyWhite) / gray.Values.Length,
            Sharpness = MeasureSharpness(gray),
            Hash = contrast < FlatContrast ? null : hash,
            FineHash = fineHash,
            Frame = Convert.ToBase64String(PictureFrame.Of(image)),
        };
    }

    /// <summary>The variance of the Laplacian in tiles of 16 x 16 pixels; of these the mean of the sharpest tenth.</summary>
    private static double MeasureSharpness(FloatImage gray)
    {
        var tiles = from top in Starts(gray.Height) from left in Starts(gray.Width) select LaplacianVariance(gray, left, top);
        var sharpestFirst = tiles.OrderDescending().ToList();
        return sharpestFirst.Take(Math.Max(1, sharpestFirst.Count / 10)).DefaultIfEmpty(0).Average();

        static IEnumerable<int> Starts(int side) => Enumerable.InfiniteSequence(1, TileSide).TakeWhile(start => start + 1 < side);
    }

    private static double LaplacianVariance(FloatImage gray, int left, int top)
    {
        var (right, bottom) = (Math.Min(left + TileSide, gray.Width - 1), Math.Min(top + TileSide, gray.Height - 1));
        var (sum, squares, width, values) = (0.0, 0.0, gray.Width, gray.Values);
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
