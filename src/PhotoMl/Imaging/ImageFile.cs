using SkiaSharp;

namespace PhotoMl.Imaging;

/// <summary>Reads an image file as training, prediction and explanation all see it.</summary>
internal static class ImageFile
{
    /// <summary>The largest picture that is decoded, in pixels: 100 megapixels, which take 700 MB meanwhile, 600 more from a progressive
    /// JPEG and 800 more from one without an end marker.</summary>
    public const int MaximumPixels = 100_000_000;

    /// <summary>The largest picture that is read, in pixels, where it can be decoded to fewer: 1 gigapixel, which takes a JPEG some
    /// seconds.</summary>
    public const int MaximumEncodedPixels = 10 * MaximumPixels;

    /// <summary>The largest file that is read, in bytes: 256 MiB.</summary>
    public const int MaximumFileBytes = 256 << 20;

    /// <summary>Decodes a JPEG, PNG, WebP, BMP or GIF file, recognized by its content; of an animation, the first frame.</summary>
    /// <remarks>Transparent pixels lie over white, or over black where only light ones are drawn on them. A JPEG of four inks (CMYK or
    /// YCCK) is read as Photoshop stores it, inverted, each color times black; its own color profile does not count. A photo that is larger
    /// than asked for is decoded to fewer pixels where its format allows it; one that is larger than <see cref="MaximumPixels"/> in any
    /// case, or else refused.</remarks>
    public static DecodedImage Decode(string path, int leastWidth = int.MaxValue, int leastHeight = int.MaxValue)
    {
        using var data = Read(path);
        return ImageDecoder.Decode(data, path, leastWidth, leastHeight).Detach();
    }

    public static DecodedImage Decode(byte[] content, string path, int leastWidth = int.MaxValue, int leastHeight = int.MaxValue)
    {
        using var data = content.Length > 0 ? SKData.CreateCopy(content) : throw new UnreadableImageException(path, "the file is empty");
        return ImageDecoder.Decode(data, path, leastWidth, leastHeight).Detach();
    }

    public static DecodedImage? TryDecode(string path, int least = int.MaxValue)
    {
        try
        {
            return Decode(path, least, least);
        }
        catch (UnreadableImageException)
        {
            return null;
        }
    }

    public static byte[] ReadContent(string path)
    {
        using var data = Read(path);
        return data.ToArray();
    }

    // Outside of the managed heap, where it would stay for long.
    internal static SKData Read(string path)
    {
        try
        {
            using var file = RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var length = file.Length; // which another program may change meanwhile
            var tooLarge = $"expected an image file of at most {MaximumFileBytes >> 20} MiB but it is larger";
            var data = length is > 0 and <= MaximumFileBytes
                ? SKData.Create(length)
                : throw new UnreadableImageException(path, length == 0 ? "the file is empty" : tooLarge);
            file.ReadExactly(data.Span);
            return data;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableImageException(path, Describe(exception, path), exception);
        }
    }

    internal static string Describe(Exception exception, string path) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        NotRegularFileException => $"expected an image file but found {exception.Message}",
        _ when Directory.Exists(path) => "expected an image file but found a folder",
        UnauthorizedAccessException => "reading it is not permitted",
        _ => $"it cannot be read: {PhotoMlException.ReasonOf(exception)}",
    };
}

/// <summary>An image file in memory, decoded once for all who need the same size. Not thread-safe.</summary>
internal sealed class OpenImage(string path) : IDisposable
{
    private readonly SKData _content = ImageFile.Read(path);
    private DecodedImage? _decoded;

    public ReadOnlySpan<byte> Content => _content.Span;

    /// <inheritdoc cref="ImageFile.Decode(string, int, int)"/>
    /// <remarks>The picture lives until the next is decoded or the file is disposed.</remarks>
    public DecodedImage Decode(int leastWidth, int leastHeight, bool isEitherEnough = false)
    {
        var decoded = ImageDecoder.Decode(_content, path, leastWidth, leastHeight, isEitherEnough, _decoded);
        if (decoded != _decoded)
        {
            _decoded?.Dispose();
        }

        return _decoded = decoded;
    }

    public void Dispose()
    {
        _content.Dispose();
        _decoded?.Dispose();
    }
}

/// <summary>Thrown when a file cannot be turned into pixels: it is missing, empty, damaged, cut off, too large or no image at
/// all.</summary>
public sealed class UnreadableImageException : PhotoMlException
{
    internal UnreadableImageException(string path, string reason, Exception? innerException = null)
        : base($"{path}: {reason}.", innerException)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The file, as it was named by the caller.</summary>
    public string Path { get; }

    /// <summary>Why it cannot be read, in one line without the path and without a full stop.</summary>
    public string Reason { get; }
}
