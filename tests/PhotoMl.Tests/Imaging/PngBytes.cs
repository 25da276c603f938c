using System.IO.Compression;

namespace PhotoMl.Tests.Imaging;

/// <summary>PNG files put together chunk by chunk, also such as no encoder writes.</summary>
internal static class PngBytes
{
    public const int HeaderEnd = 8 + 25;

    /// <summary>A picture of 20 x 10 pixels without text.</summary>
    public static byte[] Plain { get; } = ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 20, 10, (x, y) => (byte)(x * y));

    /// <summary>The picture with chunks between its header and what follows.</summary>
    public static byte[] With(params byte[][] chunks) => Into(Plain, chunks);

    public static byte[] Into(byte[] png, params byte[][] chunks) =>
        [.. png[..HeaderEnd], .. chunks.SelectMany(chunk => chunk), .. png[HeaderEnd..]];

    public static byte[] Chunk(string type, params byte[] data) => PngChunks.Encode(Encoding.ASCII.GetBytes(type), data);

    public static byte[] Deflate(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, CompressionLevel.Optimal))
        {
            zlib.Write(bytes);
        }

        return target.ToArray();
    }
}
