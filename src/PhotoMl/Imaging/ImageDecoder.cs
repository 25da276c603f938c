using System.Text;
using SkiaSharp;

namespace PhotoMl.Imaging;

/// <summary>Decodes the content of an image file with Skia, which is given only the formats promised.</summary>
internal static unsafe class ImageDecoder
{
    // Pictures that decode to more pixels wait for each other, so that many threads take no more memory than one.
    private const long LargePixels = 16_000_000;

    // How files begin, a character a byte; a question mark stands for any.
    private static readonly (string Name, string Start)[] Supported =
        [("JPEG", "\u00FF\u00D8\u00FF"), ("PNG", "\u0089PNG"), ("WebP", "RIFF????WEBP"), ("BMP", "BM"), ("GIF", "GIF8")];

    private static readonly (string Name, string Start)[] Unsupported =
    [
        ("TIFF or camera raw", "II*\0"), ("TIFF or camera raw", "MM\0*"), ("AVIF", "????ftypavif"), ("HEIC", "????ftyphei"),
        ("HEIC", "????ftypmif1"), ("PDF", "%PDF"),
    ];

    private static readonly Lock LargePicture = new();

    public static string? FindFormat(ReadOnlySpan<byte> content) => Find(Supported, content);

    /// <inheritdoc cref="ImageFile.Decode(string, int, int)"/>
    public static DecodedImage Decode(SKData content, string path, int leastWidth, int leastHeight, bool isEitherEnough = false)
    {
        var format = FindFormat(content.Span) ?? throw NotAnImage(path, content.Span);
        using var codec = SKCodec.Create(content)
            ?? throw new UnreadableImageException(
                path, $"damaged or cut off: it begins as a {format} image, but its header cannot be read");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width < 1 || height < 1 || (long)width * height > ImageFile.MaximumPixels)
        {
            const int Megapixels = ImageFile.MaximumPixels / 1_000_000;
            throw new UnreadableImageException(
                path, $"expected at most {Megapixels} megapixels but its header says {width} x {height} pixels");
        }

        // Skia leaves the orientation of a PNG to its caller.
        var origin = format == "PNG" ? (SKEncodedOrigin)ExifBlock.Read(content.Span).Orientation : codec.EncodedOrigin;
        var size = origin >= SKEncodedOrigin.LeftTop
            ? ChooseSize(codec, leastHeight, leastWidth, isEitherEnough)
            : ChooseSize(codec, leastWidth, leastHeight, isEitherEnough);
        if ((long)size.Width * size.Height <= LargePixels)
        {
            return Decode(codec, size, origin, path, format);
        }

        lock (LargePicture)
        {
            return Decode(codec, size, origin, path, format);
        }
    }

    /// <summary>The smallest size the codec decodes to that is no smaller than asked for: an eighth, a quarter, a half or all.</summary>
    /// <remarks>JPEG decodes to any number of eighths, but only to these with vector instructions: measured, a half takes two thirds of the
    /// time of six eighths.</remarks>
    private static SKSizeI ChooseSize(SKCodec codec, int leastWidth, int leastHeight, bool isEitherEnough)
    {
        var full = codec.Info.Size;
        for (var eighths = 1; eighths < 8; eighths *= 2)
        {
            var size = codec.GetScaledDimensions(eighths / 8f);
            var (isWide, isHigh) = (size.Width >= leastWidth, size.Height >= leastHeight);
            if ((isEitherEnough ? isWide || isHigh : isWide && isHigh) && size.Width <= full.Width && size.Height <= full.Height)
            {
                return size;
            }
        }

        return full;
    }

    private static DecodedImage Decode(SKCodec codec, SKSizeI size, SKEncodedOrigin origin, string path, string format)
    {
        using var srgb = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, srgb);
        using var bitmap = new SKBitmap(info, SKBitmapAllocFlags.ZeroPixels); // a decoder need not write every pixel
        return codec.GetPixels(info, bitmap.GetPixels()) switch
        {
            SKCodecResult.Success => Upright((byte*)bitmap.GetPixels(), size, codec.Info.Size, origin),
            SKCodecResult.IncompleteInput =>
                throw new UnreadableImageException(path, $"the {format} image is cut off: the file ends before its pixels do"),
            SKCodecResult.ErrorInInput => throw new UnreadableImageException(path, $"the {format} image is damaged"),
            var result => throw new UnreadableImageException(path, $"the {format} image cannot be decoded ({result})"),
        };
    }

    private static DecodedImage Upright(byte* rgba, SKSizeI size, SKSizeI fullSize, SKEncodedOrigin origin)
    {
        var (width, height) = (size.Width, size.Height);
        // Where the upright picture's first pixel is stored, and how far apart its neighbors to the right and below are.
        var (right, bottom) = (width - 1, (height - 1) * width);
        var (start, stepRight, stepDown) = origin switch
        {
            SKEncodedOrigin.TopRight => (right, -1, width),
            SKEncodedOrigin.BottomRight => (right + bottom, -1, -width),
            SKEncodedOrigin.BottomLeft => (bottom, 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (bottom, -width, 1),
            SKEncodedOrigin.RightBottom => (right + bottom, -width, -1),
            SKEncodedOrigin.LeftBottom => (right, width, -1),
            _ => (0, 1, width),
        };
        var isLying = origin >= SKEncodedOrigin.LeftTop;
        var (uprightWidth, uprightHeight) = isLying ? (height, width) : (width, height);

        var rgb = GC.AllocateUninitializedArray<byte>(3 * width * height);
        var target = 0;
        for (var y = 0; y < uprightHeight; y++)
        {
            var source = start + (y * stepDown);
            for (var x = 0; x < uprightWidth; x++, source += stepRight)
            {
                var pixel = rgba + (4L * source);
                int alpha = pixel[3];
                var (red, green, blue) = (pixel[0], pixel[1], pixel[2]);
                if (alpha != 255)
                {
                    (red, green, blue) = (OverWhite(red, alpha), OverWhite(green, alpha), OverWhite(blue, alpha));
                }

                (rgb[target], rgb[target + 1], rgb[target + 2]) = (red, green, blue);
                target += 3;
            }
        }

        return new DecodedImage(uprightWidth, uprightHeight, rgb)
        {
            FullWidth = isLying ? fullSize.Height : fullSize.Width,
            FullHeight = isLying ? fullSize.Width : fullSize.Height,
        };
    }

    private static byte OverWhite(byte value, int alpha) => (byte)(((value * alpha) + (255 * (255 - alpha)) + 127) / 255);

    private static UnreadableImageException NotAnImage(string path, ReadOnlySpan<byte> content)
    {
        var found = Find(Unsupported, content) is { } other ? $"{other}, which is not supported" : "something else";
        return new UnreadableImageException(path, $"expected a JPEG, PNG, WebP, BMP or GIF image but found {found}");
    }

    private static string? Find((string Name, string Start)[] formats, ReadOnlySpan<byte> content)
    {
        var start = Encoding.Latin1.GetString(content[..Math.Min(content.Length, 12)]);
        return formats.FirstOrDefault(format => format.Start.Length <= start.Length
            && format.Start.Zip(start).All(pair => pair.First is '?' || pair.First == pair.Second)).Name;
    }
}
