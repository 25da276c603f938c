using SkiaSharp;

namespace PhotoMl.Data;

/// <summary>Reads an image file as training, prediction and explanation all see it.</summary>
public static class ImageFile
{
    /// <summary>The largest picture that is read, in pixels: 100 megapixels, which take 700 MB while they are decoded.</summary>
    public const int MaximumPixels = 100_000_000;

    /// <summary>The largest file that is read, in bytes: 256 MiB.</summary>
    public const int MaximumFileBytes = 256 << 20;

    /// <summary>Decodes a JPEG, PNG, WebP, BMP or GIF file, told by its content; of an animation, the first frame.</summary>
    /// <param name="path">The file; it is opened for reading only.</param>
    /// <returns>The picture: turned upright by its EXIF orientation, converted to sRGB, what is transparent laid over white.</returns>
    /// <remarks>White, because what is drawn on transparent ground is nearly always dark ink that was meant for a page.</remarks>
    /// <exception cref="UnreadableImageException">The file is missing, empty, damaged, cut off, too large or no image.</exception>
    public static DecodedImage Decode(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Decode(ReadContent(path), path);
    }

    /// <summary>Decodes the content of an image file.</summary>
    /// <param name="content">The content.</param>
    /// <param name="path">The name it has in messages.</param>
    /// <returns>The picture, as <see cref="Decode(string)"/> gives it.</returns>
    /// <exception cref="UnreadableImageException">The content is damaged, cut off, too large or no image.</exception>
    public static DecodedImage Decode(byte[] content, string path)
    {
        ArgumentNullException.ThrowIfNull(content);
        var format = ImageSignature.FindSupported(content) ?? throw NotAnImage(path, content);
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data)
            ?? throw new UnreadableImageException(path, $"damaged or cut off: it begins as a {format} image, but its header cannot be read");

        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width < 1 || height < 1 || (long)width * height > MaximumPixels)
        {
            throw new UnreadableImageException(path, $"expected at most {MaximumPixels / 1_000_000} megapixels but its header says {width} x {height} pixels");
        }

        var rgba = DecodePixels(path, format, codec, width, height);
        return Upright(rgba, width, height, codec.EncodedOrigin);
    }

    /// <summary>Opens a file for reading only, and says why where that or the reading fails.</summary>
    internal static T Read<T>(string path, Func<FileStream, T> read)
    {
        if (Directory.Exists(path))
        {
            throw new UnreadableImageException(path, "expected an image file but found a folder");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return read(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnreadableImageException(path, "there is no such file", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UnreadableImageException(path, "reading it is not permitted", exception);
        }
        catch (IOException exception)
        {
            throw new UnreadableImageException(path, $"it cannot be read: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')}", exception);
        }
    }

    /// <summary>Reads a whole file, and says why where that is not possible.</summary>
    internal static byte[] ReadContent(string path) => Read(path, file =>
    {
        var content = ReadAtMost(file, MaximumFileBytes)
            ?? throw new UnreadableImageException(path, $"expected an image file of at most {MaximumFileBytes >> 20} MiB but it is larger");
        return content.Length > 0 ? content : throw new UnreadableImageException(path, "the file is empty");
    });

    /// <summary>Reads to the end without trusting the stated length, which a pipe or a device does not have.</summary>
    private static byte[]? ReadAtMost(FileStream file, int limit)
    {
        var stated = file.CanSeek ? file.Length : 0;
        if (stated > limit)
        {
            return null;
        }

        var content = new byte[Math.Max(stated + 1, 64 << 10)];
        var length = 0;
        int read;
        while ((read = file.Read(content, length, content.Length - length)) > 0)
        {
            length += read;
            if (length > limit)
            {
                return null;
            }

            if (length == content.Length)
            {
                Array.Resize(ref content, Math.Min(2 * length, limit + 1));
            }
        }

        Array.Resize(ref content, length);
        return content;
    }

    private static UnreadableImageException NotAnImage(string path, byte[] content) =>
        ImageSignature.FindUnsupported(content) is { } other
            ? new(path, $"expected a {ImageSignature.SupportedFormats} image but found {other}, which is not supported")
            : new(path, $"expected a {ImageSignature.SupportedFormats} image but found something else");

    private static unsafe byte[] DecodePixels(string path, string format, SKCodec codec, int width, int height)
    {
        var rgba = new byte[4 * width * height]; // zeroed: a decoder need not write every pixel
        using var srgb = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, srgb);
        SKCodecResult result;
        fixed (byte* pixels = rgba)
        {
            result = codec.GetPixels(info, (nint)pixels);
        }

        return result switch
        {
            SKCodecResult.Success => rgba,
            SKCodecResult.IncompleteInput => throw new UnreadableImageException(path, $"the {format} image is cut off: the file ends before its pixels do"),
            SKCodecResult.ErrorInInput => throw new UnreadableImageException(path, $"the {format} image is damaged"),
            _ => throw new UnreadableImageException(path, $"the {format} image cannot be decoded ({result})"),
        };
    }

    /// <summary>Turns the picture upright and lays it over white, in one pass.</summary>
    private static DecodedImage Upright(byte[] rgba, int width, int height, SKEncodedOrigin origin)
    {
        // Where the upright picture's first pixel is stored, and how far apart its neighbours to the right and below are.
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
        var (uprightWidth, uprightHeight) = origin >= SKEncodedOrigin.LeftTop ? (height, width) : (width, height);

        var rgb = new byte[3 * width * height];
        var target = 0;
        for (var y = 0; y < uprightHeight; y++)
        {
            var source = start + (y * stepDown);
            for (var x = 0; x < uprightWidth; x++, source += stepRight)
            {
                var pixel = rgba.AsSpan(4 * source, 4);
                int alpha = pixel[3];
                rgb[target++] = OverWhite(pixel[0], alpha);
                rgb[target++] = OverWhite(pixel[1], alpha);
                rgb[target++] = OverWhite(pixel[2], alpha);
            }
        }

        return new DecodedImage(uprightWidth, uprightHeight, rgb);
    }

    private static byte OverWhite(byte value, int alpha) => (byte)(((value * alpha) + (255 * (255 - alpha)) + 127) / 255);
}
