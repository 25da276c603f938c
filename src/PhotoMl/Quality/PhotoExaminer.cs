using System.Security.Cryptography;
using PhotoMl.Data;
using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>Reads one photo and says what there is to say about it alone.</summary>
internal static class PhotoExaminer
{
    /// <summary>A picture whose grey varies less is one shade to the eye, and its hash nothing but noise.</summary>
    public const double FlatSpread = 2.0 / 255;

    /// <summary>Examines a photo; whatever is wrong with the file is told, not thrown.</summary>
    public static PhotoFacts Examine(PhotoEntry photo)
    {
        var facts = new PhotoFacts { Photo = photo };
        try
        {
            var content = ImageFile.ReadContent(photo.Path);
            var format = ImageSignature.FindSupported(content);
            facts = facts with
            {
                Format = format,
                HasWrongExtension = format is not null && IsAnothersExtension(format, Path.GetExtension(photo.Path)),
                Bytes = content.Length,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            };
            return AddPicture(facts, content);
        }
        catch (UnreadableImageException exception)
        {
            return facts with { Problem = exception.Reason };
        }
    }

    private static PhotoFacts AddPicture(PhotoFacts facts, byte[] content)
    {
        var image = ImageFile.Decode(content, facts.Photo.Path, PhotoMeasures.LeastSide, PhotoMeasures.LeastSide);
        var measures = PhotoMeasures.Of(image);
        var capture = ExifBlock.Read(content);
        return facts with
        {
            Width = image.FullWidth,
            Height = image.FullHeight,
            Hash = measures.Spread < FlatSpread ? null : measures.Hash,
            Brightness = measures.Brightness,
            Spread = measures.Spread,
            BlackShare = measures.BlackShare,
            WhiteShare = measures.WhiteShare,
            Sharpness = measures.Sharpness,
            Taken = capture.Taken,
            Camera = capture.Camera,
        };
    }

    private static bool IsAnothersExtension(string format, string extension) => extension.ToUpperInvariant() switch
    {
        ".JPG" or ".JPEG" => format != "JPEG",
        ".PNG" => format != "PNG",
        ".WEBP" => format != "WebP",
        ".BMP" => format != "BMP",
        ".GIF" => format != "GIF",
        _ => false,
    };
}
