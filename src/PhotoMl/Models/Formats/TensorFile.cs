using PhotoMl.IO;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Opens a file of tensors by what it holds, not by its name.</summary>
internal static class TensorFile
{
    private static readonly byte[] ZipStart = "PK\x03\x04"u8.ToArray();
    private static readonly byte[] LegacyStart = [0x80, 0x02, 0x8A, 0x0A]; // protocol 2, then the magic number of torch before 1.6

    public static ITensorReader Open(string path)
    {
        var start = ReadStart(path);
        return start.SequenceEqual(ZipStart) || start.SequenceEqual(LegacyStart) ? StateDictReader.Open(path) : SafetensorsReader.Open(path);
    }

    /// <summary>Whether a file's first bytes are those of a pickle as torch wrote it before version 1.6.</summary>
    public static bool IsLegacy(ReadOnlySpan<byte> start) => start.StartsWith(LegacyStart);

    // What cannot be opened here cannot be opened by the reader either, which says why.
    private static byte[] ReadStart(string path)
    {
        try
        {
            using var file = RegularFile.Open(path);
            var start = new byte[ZipStart.Length];
            return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return [];
        }
    }
}

/// <summary>A file of named tensors, whatever its format.</summary>
internal interface ITensorReader : IDisposable
{
    string Path { get; }

    /// <summary>The free text in the file; empty if it has none.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name, in the order of the file.</summary>
    IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>Reads a tensor, to be disposed by the caller.</summary>
    Tensor ReadTensor(string name);

    /// <summary>Reads a tensor into one of the same dtype and shape.</summary>
    void CopyTo(string name, Tensor destination);
}
