using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PhotoMl.Models;

/// <summary>Writes safetensors files, which Python and every other reader of the format open as they are.</summary>
internal static class SafetensorsWriter
{
    // Relaxed, so that JSON inside the metadata stays readable; nothing here ends up in a web page.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file; what stood there before stays until the new one is whole.</summary>
    /// <remarks>The data are written from the tensors' own memory; only a tensor with other strides or on another device is copied, one at
    /// a time.</remarks>
    public static void Write(string path, KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        // The widest elements first, as the reference implementation lays them out, so that each tensor's data are aligned.
        KeyValuePair<string, Tensor>[] laidOut = [.. tensors.OrderByDescending(entry => entry.Value.ElementSize)];
        var header = WriteHeader(tensors, laidOut, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[SafetensorsReader.LengthBytes];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in laidOut)
            {
                TensorMemory.ForEachPiece(tensor, piece => stream.Write(piece));
            }
        });
    }

    private static byte[] WriteHeader(
        KeyValuePair<string, Tensor>[] tensors, KeyValuePair<string, Tensor>[] laidOut, IReadOnlyDictionary<string, string> metadata)
    {
        // Dictionaries refuse the same name twice.
        var offsets = new Dictionary<string, long[]>();
        var end = 0L;
        foreach (var (name, tensor) in laidOut)
        {
            offsets.Add(name, [end, end += tensor.numel() * tensor.ElementSize]);
        }

        var header = new Dictionary<string, object> { [SafetensorsReader.MetadataKey] = metadata };
        foreach (var (name, tensor) in tensors)
        {
            header.Add(name, new { dtype = TensorDtype.Of(tensor).Name, tensor.shape, data_offsets = offsets[name] });
        }

        // Spaces up to a multiple of 8, so that a reader that maps the file finds the data aligned.
        var json = JsonSerializer.SerializeToUtf8Bytes(header, Json);
        byte[] padded = [.. json, .. Enumerable.Repeat((byte)' ', -json.Length & 7)];
        return padded.Length <= SafetensorsReader.MostHeaderBytes
            ? padded
            : throw new ArgumentException(
                $"Expected a header of at most {SafetensorsReader.MostHeaderBytes} bytes but got {padded.Length}.", nameof(metadata));
    }
}
