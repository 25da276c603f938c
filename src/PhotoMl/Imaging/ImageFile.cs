using SkiaSharp;

namespace PhotoMl.Imaging;

/// <summary>Reads an image file as training, prediction and explanation all see it.</summary>
internal static class ImageFile
{
    /// <summary>The largest picture that is read, in pixels: 100 megapixels, which take 700 MB while they are decoded.</summary>
    public const int MaximumPixels = 100_000_000;

    /// <summary>The largest file that is read, in bytes: 256 MiB.</summary>
    public const int MaximumFileBytes = 256 << 20;

    /// <summary>Decodes a JPEG, PNG, WebP, BMP or GIF file, recognized by its content; of an animation, the first frame.</summary>
    /// <remarks>Transparent pixels lie over white, because what is drawn on a transparent background is nearly always dark ink that was
    /// meant for a page. A JPEG of four inks (CMYK or YCCK) is read as Photoshop stores it, inverted, each color times black; its own color
    /// profile does not count. A photo that is larger than asked for is decoded to fewer pixels where its format allows it.</remarks>
    public static DecodedImage Decode(string path, int leastWidth = int.MaxValue, int leastHeight = int.MaxValue)
    {
        using var data = Read(path);
        return ImageDecoder.Decode(data, path, leastWidth, leastHeight);
    }

    public static unsafe DecodedImage Decode(
        byte[] content, string path, int leastWidth = int.MaxValue, int leastHeight = int.MaxValue, bool isEitherEnough = false)
    {
        fixed (byte* bytes = content)
        {
            using var data = content.Length > 0
                ? SKData.Create((nint)bytes, content.Length)
                : throw new UnreadableImageException(path, "the file is empty");
            return ImageDecoder.Decode(data, path, leastWidth, leastHeight, isEitherEnough);
        }
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
    private static SKData Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UnreadableImageException(path, "expected an image file but found a folder");
        }

        try
        {
            using var file = RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var length = file.Length; // which another program may change meanwhile
            if (length is 0 or > MaximumFileBytes)
            {
                var most = $"{MaximumFileBytes >> 20} MiB";
                throw new UnreadableImageException(
                    path, length == 0 ? "the file is empty" : $"expected an image file of at most {most} but it is larger");
            }

            var data = SKData.Create(length);
            try
            {
                file.ReadExactly(data.Span);
                return data;
            }
            catch
            {
                data.Dispose(); // the collector does not see what it holds
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = exception switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                NotRegularFileException => $"expected an image file but found {exception.Message}",
                UnauthorizedAccessException => "reading it is not permitted",
                _ => $"it cannot be read: {PhotoMlException.ReasonOf(exception)}",
            };
            throw new UnreadableImageException(path, reason, exception);
        }
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
