using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PhotoMl.IO;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Reads a safetensors file: the header at once, each tensor's data when asked for.</summary>
/// <remarks>
/// <para>
/// A file is 8 bytes of header length (little-endian), a JSON header, and the raw little-endian data
/// (https://huggingface.co/docs/safetensors). It can hold no code, so a model from a stranger is safe to open.
/// </para>
/// <para>
/// Nothing in the file is trusted: no more memory is taken than the file is long, and a file with an overlap, a hole, a byte
/// too many or too few, or a shape that its data do not have is refused before any tensor is read.
/// </para>
/// </remarks>
internal sealed class SafetensorsReader : ITensorReader
{
    private const string Kind = "a safetensors file";

    private readonly SafeFileHandle _file;

    private SafetensorsReader(string path, SafeFileHandle file, SafetensorsHeader header)
    {
        Path = path;
        _file = file;
        Metadata = header.Metadata;
        Tensors = header.Tensors;
    }

    public string Path { get; }
    public IReadOnlyDictionary<string, string> Metadata { get; }
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    public static SafetensorsReader Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidModelException(path, Kind, "a folder");
        }

        SafeFileHandle? file = null;
        try
        {
            file = RegularFile.OpenHandle(path);
            return new SafetensorsReader(path, file, ReadHeader(path, file));
        }
        catch (Exception exception)
        {
            file?.Dispose();
            if (exception is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw Unreadable(path, exception);
            }

            throw;
        }
    }

    public Tensor ReadTensor(string name)
    {
        var entry = Find(name);
        NativeLibraries.EnsureLoaded();
        using var scope = NewDisposeScope();
        var tensor = empty([.. entry.Shape], SafetensorsFormat.TypeOf(entry.Dtype), CPU);
        TensorMemory.ForEachPiece(tensor, (piece, offset) => Read(entry, piece, offset));
        return tensor.MoveToOuterDisposeScope();
    }

    /// <summary>Reads a tensor into one that exists, in place, whether or not it requires a gradient.</summary>
    /// <remarks>If the file can no longer be read to its end, the destination may be filled in part.</remarks>
    public void CopyTo(string name, Tensor destination)
    {
        var entry = Find(name);
        var dtype = SafetensorsFormat.NameOf(destination.dtype) ?? $"{destination.dtype}";
        if (dtype != entry.Dtype || !destination.shape.SequenceEqual(entry.Shape))
        {
            throw new InvalidModelException(Path, $"{name} to be {SafetensorsEntry.Describe(dtype, destination.shape)}", $"{entry}");
        }

        if (destination.device.type == TorchSharp.DeviceType.CPU && destination.is_contiguous())
        {
            TensorMemory.ForEachPiece(destination, (piece, offset) => Read(entry, piece, offset));
            return;
        }

        using var scope = NewDisposeScope();
        using var withoutGradient = no_grad();
        destination.copy_(ReadTensor(name));
    }

    public void Dispose() => _file.Dispose();

    private static SafetensorsHeader ReadHeader(string path, SafeFileHandle file)
    {
        var fileLength = RandomAccess.GetLength(file);
        if (fileLength < SafetensorsFormat.LengthBytes)
        {
            throw new InvalidModelException(path, Kind, $"only {fileLength} bytes");
        }

        Span<byte> prefix = stackalloc byte[SafetensorsFormat.LengthBytes];
        ReadExactly(file, prefix, 0);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var most = Math.Min(SafetensorsFormat.MostHeaderBytes, fileLength - SafetensorsFormat.LengthBytes);
        if (length > (ulong)most)
        {
            throw new InvalidModelException(path, Kind, $"a file that is none, or is damaged: its header would have {length} bytes, of {most} at most");
        }

        var json = new byte[length];
        ReadExactly(file, json, SafetensorsFormat.LengthBytes);
        var dataOffset = SafetensorsFormat.LengthBytes + json.Length;
        return SafetensorsHeader.Parse(path, json, dataOffset, fileLength - dataOffset);
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var count = RandomAccess.Read(file, bytes, offset);
            if (count == 0)
            {
                throw new EndOfStreamException($"its end at byte {offset}");
            }

            bytes = bytes[count..];
            offset += count;
        }
    }

    private static InvalidModelException Unreadable(string path, Exception exception) => new(
        path,
        Kind,
        exception switch
        {
            FileNotFoundException or DirectoryNotFoundException => "no such file",
            UnauthorizedAccessException => "that permission to read it is denied",
            NotSupportedException => "a stream without a length",
            PathTooLongException => "a path longer than the system allows",
            _ => exception.Message.Split(" : '")[0],
        },
        exception);

    private SafetensorsEntry Find(string name)
    {
        return Tensors.TryGetValue(name, out var entry)
            ? entry
            : throw new InvalidModelException(Path, $"a tensor {name}", $"none of that name among its {Tensors.Count}");
    }

    private void Read(SafetensorsEntry entry, Span<byte> bytes, long offset)
    {
        try
        {
            ReadExactly(_file, bytes, entry.Offset + offset);
        }
        catch (IOException exception)
        {
            bytes.Clear();
            throw Unreadable(Path, exception);
        }

        // To the compiler that built torch, a bool of any other value is undefined behaviour.
        if (entry.Dtype == "BOOL" && bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and var index)
        {
            var found = bytes[index];
            bytes.Clear();
            throw new InvalidModelException(Path, $"0 or 1 in {entry.Name}, which is of BOOL", $"{found}");
        }
    }
}
