using System.Buffers.Binary;
using System.IO.Compression;

namespace PhotoMl.Data;

/// <summary>Reads and writes the IDX files in which MNIST and its relatives are published, raw or gzip.</summary>
/// <remarks>
/// Whether a file is compressed is told by its content, not its name. The format: two zero bytes, a type code, the number of dimensions,
/// each dimension as a big-endian 32-bit number, the values (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits").
/// </remarks>
public static class IdxFile
{
    /// <summary>Reads a file of grey images (magic number 0x00000803).</summary>
    /// <param name="path">The file, raw or gzip.</param>
    /// <returns>The images.</returns>
    /// <exception cref="InvalidDatasetException">The file is missing, unreadable, damaged, or holds something else.</exception>
    public static IdxImages ReadImages(string path) => ToImages(IdxContent.Read(path, IdxKind.Images));

    /// <summary>Reads a file of labels (magic number 0x00000801).</summary>
    /// <param name="path">The file, raw or gzip.</param>
    /// <returns>The label of each image.</returns>
    /// <exception cref="InvalidDatasetException">The file is missing, unreadable, damaged, or holds something else.</exception>
    public static byte[] ReadLabels(string path) => IdxContent.Read(path, IdxKind.Labels).Body;

    /// <summary>Writes a file of grey images.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="images">The images.</param>
    /// <param name="compress">Whether the file is gzip.</param>
    /// <exception cref="ArgumentException">The pixels are not as many as the dimensions say, or there are none.</exception>
    public static void WriteImages(string path, IdxImages images, bool compress = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        Write(path, IdxKind.Images, [images.Count, images.Height, images.Width], images.Pixels, compress);
    }

    /// <summary>Writes a file of labels.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="labels">The label of each image.</param>
    /// <param name="compress">Whether the file is gzip.</param>
    /// <exception cref="ArgumentException">There are no labels.</exception>
    public static void WriteLabels(string path, byte[] labels, bool compress = false)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Write(path, IdxKind.Labels, [labels.Length], labels, compress);
    }

    internal static IdxImages ToImages(IdxContent content) =>
        new(content.Dimensions[0], content.Dimensions[1], content.Dimensions[2], content.Body);

    private static void Write(string path, IdxKind kind, ReadOnlySpan<int> dimensions, byte[] values, bool compress)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var header = new byte[kind.HeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, kind.Magic);
        var product = 1L;
        for (var i = 0; i < dimensions.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dimensions[i], 1, nameof(dimensions));
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), dimensions[i]);
            product = checked(product * dimensions[i]);
        }

        if (product != values.LongLength)
        {
            throw new ArgumentException($"Expected {product} pixels but got {values.LongLength}.", nameof(values));
        }

        using var file = File.Create(path);
        using var stream = compress ? new GZipStream(file, CompressionLevel.Optimal) : (Stream)file;
        stream.Write(header);
        stream.Write(values);
    }
}
