using System.Buffers.Binary;

namespace PhotoMl.Models;

/// <summary>Reads a safetensors file.</summary>
/// <remarks>
/// A file is 8 bytes of header length (little-endian), a JSON header, and the raw little-endian data
/// (https://huggingface.co/docs/safetensors). No more memory is taken than the file is long, and a file with an overlap, a hole, a byte
/// too many or too few, or a shape that its data do not have is refused before any tensor is read.
/// </remarks>
internal sealed class SafetensorsReader : TensorReader
{
    public const string Kind = "a safetensors file";

    private readonly Stream _file;

    private SafetensorsReader(string path, Stream file, string kind)
        : base(path)
    {
        _file = file;
        var start = ReadStart(file, ForeignFile.StartBytes);
        var most = Math.Min(SafetensorsHeader.MostBytes, file.Length - SafetensorsHeader.LengthBytes);
        var length = most < 0 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (most < 0 || length > (ulong)most)
        {
            throw new InvalidModelException(path, kind, most < 0
                ? $"only {PhotoMlException.Count(file.Length, "byte")}"
                : ForeignFile.Describe(start)
                    ?? $"a file that is none, or is damaged: its header would have {length} bytes, of {most} at most");
        }

        file.Position = SafetensorsHeader.LengthBytes;
        var json = new byte[length];
        file.ReadExactly(json);
        (Metadata, Tensors) = SafetensorsHeader.Parse(path, json, file.Length);
    }

    public static SafetensorsReader Open(string path) => Open(path, OpenFile(path, Kind));

    public static SafetensorsReader Open(string path, Stream stream, string kind = Kind) =>
        Open(path, kind, stream, () => new SafetensorsReader(path, stream, kind));

    public override void Dispose() => _file.Dispose();

    protected override Tensor Read(TensorEntry entry) => Guard(Path, Kind, () =>
    {
        _file.Position = entry.Offset;
        return ReadNext(_file, entry.Dtype, [.. entry.Shape]);
    });
}
