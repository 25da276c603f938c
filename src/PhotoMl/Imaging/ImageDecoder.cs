using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace PhotoMl.Imaging;

/// <summary>Decodes the content of an image file with Skia, which is given only the formats promised.</summary>
internal static unsafe class ImageDecoder
{
    // What a pixel takes while it is decoded: four bytes of Skia's and three of the picture.
    private const int PixelBytes = 7;

    // Pictures that take more bytes wait for each other, so that many threads take no more memory than one.
    private const long LargeBytes = 16_000_000 * PixelBytes;

    // What one picture takes at most: as many pixels as are allowed and, in a progressive JPEG, six bytes of coefficients for each.
    private const long MaximumBytes = (PixelBytes + 6L) * ImageFile.MaximumPixels;

    // More than a unit of a JPEG's blocks takes, some of which may lie beyond the picture's edge.
    private const int OtherBytes = 4096;

    private static readonly Lock LargePicture = new();

    /// <inheritdoc cref="ImageFile.Decode(string, int, int)"/>
    /// <remarks>The caller disposes it. What is known of the content already is given back where it has the size that would be
    /// decoded.</remarks>
    public static DecodedImage Decode(
        SKData content, string path, int leastWidth, int leastHeight, bool isEitherEnough = false, DecodedImage? known = null)
    {
        var repaired = ImageFormat.Find(content.Span) switch
        {
            null => JpegMarkers.TrimStart(content.Span),
            "BMP" => WidenHeader(content.Span),
            _ => null,
        };
        using var copy = repaired is null ? null : SKData.CreateCopy(repaired);
        content = copy ?? content;
        var format = ImageFormat.Find(content.Span) ?? throw new UnreadableImageException(path, ImageFormat.Refuse(content.Span, path));
        using var codec = SKCodec.Create(content)
            ?? throw new UnreadableImageException(
                path, $"damaged or cut off: it begins as a {format} image, but its header cannot be read");
        var (width, height) = (codec.Info.Width, codec.Info.Height);

        // Kept beside the pixels: a JPEG's coefficients, and all of a lossless WebP picture, however few pixels are made of it.
        var pixels = (long)width * height;
        var (hasEnd, kept) = format == "JPEG" ? JpegScans.ReadHeader(content.Span) : (true, format == "WebP" ? 4 * pixels : 0);

        // Skia leaves the orientation to its caller, and reads it in fewer places and types.
        var origin = (SKEncodedOrigin)ExifBlock.Read(content.Span).Orientation;
        (leastWidth, leastHeight) = Turn(leastWidth, leastHeight, origin);
        if (pixels is < 1 or > ImageFile.MaximumEncodedPixels
            || ChooseSize(codec, leastWidth, leastHeight, isEitherEnough, kept) is not { } size)
        {
            const int Megapixels = ImageFile.MaximumPixels / 1_000_000;
            throw new UnreadableImageException(
                path, $"expected at most {Megapixels} megapixels to decode but its header says {width} x {height} pixels");
        }

        if (known is not null && (known.Width, known.Height) == Turn(size.Width, size.Height, origin))
        {
            return known;
        }

        lock (CountBytes(size, kept) > LargeBytes ? LargePicture : new Lock())
        {
            return Decode(content, codec, size, origin, path, format, hasEnd);
        }
    }

    /// <summary>Makes a bitmap's header of 56 bytes, in which Skia does not see the alpha, one of 108.</summary>
    private static byte[]? WidenHeader(ReadOnlySpan<byte> bitmap)
    {
        const int Start = 14;
        const int Narrow = 56;
        const int Wide = 108;
        if (bitmap.Length < Start + Narrow || bitmap[Start] != Narrow)
        {
            return null;
        }

        byte[] wide = [.. bitmap[..Start], Wide, .. bitmap[(Start + 1)..(Start + Narrow)], .. new byte[Wide - Narrow],
            .. bitmap[(Start + Narrow)..]];
        BinaryPrimitives.WriteInt32LittleEndian(wide.AsSpan(10), BinaryPrimitives.ReadInt32LittleEndian(bitmap[10..]) + Wide - Narrow);
        return wide;
    }

    // From the size of a picture as it is stored to its size upright, or back.
    private static (int, int) Turn(int width, int height, SKEncodedOrigin origin) =>
        origin >= SKEncodedOrigin.LeftTop ? (height, width) : (width, height);

    private static long CountBytes(SKSizeI size, long kept) => ((long)PixelBytes * size.Width * size.Height) + kept;

    /// <summary>The smallest size the codec decodes to that is no smaller than asked for: an eighth, a quarter, a half or all; the largest
    /// that memory allows where that is less, and null where there is none.</summary>
    /// <remarks>JPEG decodes to any number of eighths, but only to these with vector instructions: measured, a half takes two thirds of the
    /// time of six eighths.</remarks>
    private static SKSizeI? ChooseSize(SKCodec codec, int leastWidth, int leastHeight, bool isEitherEnough, long kept)
    {
        var full = codec.Info.Size;
        SKSizeI? chosen = null;
        for (var eighths = 1; eighths <= 8; eighths *= 2)
        {
            var size = eighths == 8 ? full : codec.GetScaledDimensions(eighths / 8f);
            if ((long)size.Width * size.Height > ImageFile.MaximumPixels || CountBytes(size, kept) > MaximumBytes)
            {
                break;
            }

            var (isWide, isHigh) = (size.Width >= leastWidth, size.Height >= leastHeight);
            chosen = size.Width <= full.Width && size.Height <= full.Height ? size : chosen;
            if (chosen is not null && (isEitherEnough ? isWide || isHigh : isWide && isHigh))
            {
                break;
            }
        }

        return chosen;
    }

    private static DecodedImage Decode(
        SKData content, SKCodec codec, SKSizeI size, SKEncodedOrigin origin, string path, string format, bool hasEnd)
    {
        using var srgb = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, srgb);

        // A decoder need not write every pixel; that of JPEG does where it succeeds.
        using var bitmap = new SKBitmap(info, format == "JPEG" ? SKBitmapAllocFlags.None : SKBitmapAllocFlags.ZeroPixels);
        var result = hasEnd ? codec.GetPixels(info, bitmap.GetPixels()) : SKCodecResult.IncompleteInput;
        var isDecoded = result == SKCodecResult.Success;
        if (format == "JPEG" && (!isDecoded || EndsEmpty(bitmap, codec)))
        {
            lock (LargePicture)
            {
                result = FindWhole(content.Span, isDecoded ? 1 : int.MaxValue) is { } whole ? DecodeInto(bitmap, whole)
                    : isDecoded ? SKCodecResult.IncompleteInput : result;
            }
        }

        if (result != SKCodecResult.Success)
        {
            throw new UnreadableImageException(path, $"the {format} image " + result switch
            {
                SKCodecResult.IncompleteInput => "is cut off: the file ends before its pixels do",
                SKCodecResult.ErrorInInput => "is damaged",
                _ => $"cannot be decoded ({result})",
            });
        }

        if (codec.Info.AlphaType != SKAlphaType.Opaque)
        {
            Transparency.Flatten(bitmap.GetPixelSpan(), isBitmapFile: format == "BMP");
        }

        return Upright((byte*)bitmap.GetPixels(), size, codec.Info.Size, origin);
    }

    /// <summary>Whether the last pixel is what a decoder makes of a JPEG where it has no data: the middle gray, in four inks the half of
    /// it.</summary>
    private static bool EndsEmpty(SKBitmap bitmap, SKCodec codec)
    {
        var last = bitmap.GetPixel(bitmap.Width - 1, bitmap.Height - 1);
        var (decode, encode) = (codec.Info.ColorSpace.GetNumericalTransferFunction(), SKColorSpaceTransferFn.Srgb.Invert());
        return ((byte[])[128, 64]).Any(gray => ((byte[])[last.Red, last.Green, last.Blue])
            .All(value => Math.Abs((255 * encode.Transform(decode.Transform(gray / 255f))) - value) < 1));
    }

    /// <summary>Gives a JPEG without an end marker one, if all its data are there; decodes it meanwhile to no less than so many
    /// pixels.</summary>
    /// <remarks>With that marker a decoder takes a file for whole wherever it was cut, and makes of zeros what it lacks, or of what follows
    /// there. If other bytes, whose first bit is 1, change no pixel, it lacks none.</remarks>
    private static byte[]? FindWhole(ReadOnlySpan<byte> jpeg, int least)
    {
        // Zeros at the end are of the data where no two of them can go; else they fill up a file that was cut.
        var end = JpegScans.FindEnd(jpeg);
        var filled = Math.Min(end, jpeg[..end].TrimEnd((byte)0).Length + 1);
        return CheckWhole(jpeg[..filled], least)
            ?? (filled < end && CheckWhole(jpeg[..(end - 2)], least) is null ? CheckWhole(jpeg[..end], least) : null);
    }

    private static byte[]? CheckWhole(ReadOnlySpan<byte> jpeg, int least)
    {
        byte[] whole = [.. jpeg, .. JpegMarkers.End];
        using var data = SKData.CreateCopy(whole);
        using var codec = SKCodec.Create(data);
        if (codec is null || ChooseSize(codec, least, least, isEitherEnough: false, kept: 0) is not { } size)
        {
            return null;
        }

        using var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var other = new SKBitmap(bitmap.Info);
        var random = new byte[OtherBytes];
        new Random(1).NextBytes(random);
        return DecodeInto(bitmap, whole) == SKCodecResult.Success
            && ChangeNothing([0xAA, .. jpeg[^Math.Min(jpeg.Length, OtherBytes)..]])
            && ChangeNothing([0xD3, .. random]) ? whole : null;

        bool ChangeNothing(byte[] others)
        {
            others.AsSpan().Replace((byte)0xFF, (byte)0x7F); // which would begin a marker
            return DecodeInto(other, [.. whole[..^2], .. others, .. JpegMarkers.End]) == SKCodecResult.Success
                && bitmap.GetPixelSpan().SequenceEqual(other.GetPixelSpan());
        }
    }

    private static SKCodecResult DecodeInto(SKBitmap bitmap, byte[] content)
    {
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        return codec.GetPixels(bitmap.Info, bitmap.GetPixels());
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
        var (uprightWidth, uprightHeight) = Turn(width, height, origin);

        var upright = DecodedImage.Create(uprightWidth, uprightHeight, Turn(fullSize.Width, fullSize.Height, origin));
        var rgb = upright.Pixels;
        var target = 0;
        for (var y = 0; y < uprightHeight; y++)
        {
            var source = start + (y * stepDown);
            var x = 0;
            for (; stepRight == 1 && x <= uprightWidth - 4 && target <= rgb.Length - 16; x += 4, source += 4, target += 12)
            {
                var four = Vector128.Load(rgba + (4L * source));
                Vector128.Shuffle(four, Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 16, 16, 16))
                    .CopyTo(rgb[target..]); // of which the last four are overwritten next
            }

            for (; x < uprightWidth; x++, source += stepRight)
            {
                var pixel = rgba + (4L * source);
                (rgb[target], rgb[target + 1], rgb[target + 2]) = (pixel[0], pixel[1], pixel[2]);
                target += 3;
            }
        }

        return upright;
    }
}
