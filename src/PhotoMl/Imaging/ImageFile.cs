using System.Buffers;
using PhotoMl.IO;

namespace PhotoMl.Imaging;

/// <summary>Reads an image file as training, prediction and explanation all see it.</summary>
internal static class ImageFile
{
    /// <summary>The largest picture that is read, in pixels: 100 megapixels, which take 700 MB while they are decoded to their full
    /// size.</summary>
    public const int MaximumPixels = 100_000_000;

    /// <summary>The largest file that is read, in bytes: 256 MiB.</summary>
    public const int MaximumFileBytes = 256 << 20;

    /// <summary>Decodes a JPEG, PNG, WebP, BMP or GIF file, told by its content; of an animation, the first frame.</summary>
    /// <remarks>White, because what is drawn on a transparent background is nearly always dark ink that was meant for a page. A JPEG of
    /// four inks (CMYK or YCCK) is read as Photoshop stores it, inverted, each color times black; its own color profile does not
    /// count.</remarks>
    public static DecodedImage Decode(string path, int leastWidth = int.MaxValue, int leastHeight = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leastWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(leastHeight, 1);
        var (content, length) = Read(path);
        try
        {
            return ImageDecoder.Decode(content.AsSpan(0, length), path, leastWidth, leastHeight);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    public static DecodedImage Decode(byte[] content, string path, int leastWidth = int.MaxValue, int leastHeight = int.MaxValue)
    {
        return content.Length > 0
            ? ImageDecoder.Decode(content, path, leastWidth, leastHeight)
            : throw new UnreadableImageException(path, "the file is empty");
    }

    internal static byte[] ReadContent(string path)
    {
        var (content, length) = Read(path);
        var exact = content[..length];
        ArrayPool<byte>.Shared.Return(content);
        return exact;
    }

    private static (byte[] Content, int Length) Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UnreadableImageException(path, "expected an image file but found a folder");
        }

        try
        {
            using var file = RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return ReadAll(file, path);
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

    /// <summary>Reads to the end without trusting the stated length, which another program may change meanwhile.</summary>
    private static (byte[] Content, int Length) ReadAll(FileStream file, string path)
    {
        var content = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(file.Length + 1, 64 << 10, MaximumFileBytes + 1));
        try
        {
            var length = 0;
            int read;
            while ((read = file.Read(content, length, content.Length - length)) > 0)
            {
                length += read;
                if (length > MaximumFileBytes)
                {
                    var most = $"{MaximumFileBytes >> 20} MiB";
                    throw new UnreadableImageException(path, $"expected an image file of at most {most} but it is larger");
                }

                if (length == content.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * length, MaximumFileBytes + 1));
                    content.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(content);
                    content = larger;
                }
            }

            return length > 0 ? (content, length) : throw new UnreadableImageException(path, "the file is empty");
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(content);
            throw;
        }
    }
}
