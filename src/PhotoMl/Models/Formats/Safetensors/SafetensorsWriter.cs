using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PhotoMl.IO;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Writes safetensors files, which Python and every other reader of the format open as they are.</summary>
internal static class SafetensorsWriter
{
    // The JSON writer would replace half a surrogate pair, and two names could become one.
    private static readonly UTF8Encoding StrictText = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a file; what stood there before stays until the new one is whole.</summary>
    /// <remarks>The data are written from the tensors' own memory; only a tensor with other strides or on another device is copied, one at a time.</remarks>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        KeyValuePair<string, Tensor>[] listed = [.. tensors];
        Check(listed);

        // The widest elements first, as the reference implementation lays them out, so that each tensor's data are aligned.
        KeyValuePair<string, Tensor>[] laidOut = [.. listed.OrderByDescending(tensor => tensor.Value.ElementSize)];
        var header = WriteHeader(listed, FindOffsets(laidOut), metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[SafetensorsFormat.LengthBytes];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in laidOut)
            {
                using var scope = NewDisposeScope();
                TensorMemory.ForEachPiece(tensor.detach().cpu().contiguous(), (piece, _) => stream.Write(piece));
            }
        });
    }

    private static void Check(KeyValuePair<string, Tensor>[] tensors)
    {
        if (tensors.Length > SafetensorsFormat.MostTensors)
        {
            throw new ArgumentException($"Expected at most {SafetensorsFormat.MostTensors} tensors but got {tensors.Length}.", nameof(tensors));
        }

        var names = new HashSet<string> { SafetensorsFormat.MetadataKey };
        foreach (var (name, tensor) in tensors)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"Expected each name once and none to be {SafetensorsFormat.MetadataKey} but got {name}.", nameof(tensors));
            }

            if (SafetensorsFormat.NameOf(tensor.dtype) is null || tensor.dim() > SafetensorsFormat.MostDimensions)
            {
                throw new ArgumentException(
                    $"Expected {name} to be of {SafetensorsFormat.DtypeNames} and of at most {SafetensorsFormat.MostDimensions} dimensions but got {tensor.dtype} and {tensor.dim()}.",
                    nameof(tensors));
            }
        }
    }

    private static Dictionary<string, long> FindOffsets(KeyValuePair<string, Tensor>[] laidOut)
    {
        var offsets = new Dictionary<string, long>();
        var end = 0L;
        foreach (var (name, tensor) in laidOut)
        {
            offsets.Add(name, end);
            end += tensor.numel() * tensor.ElementSize;
        }

        return offsets;
    }

    private static byte[] WriteHeader(
        KeyValuePair<string, Tensor>[] tensors, Dictionary<string, long> offsets, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();

        // Relaxed, so that JSON inside the metadata stays readable; nothing here ends up in a web page.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(SafetensorsFormat.MetadataKey);
                foreach (var (key, text) in metadata)
                {
                    json.WriteString(StrictText.GetBytes(key), StrictText.GetBytes(text));
                }

                json.WriteEndObject();
            }

            foreach (var (name, tensor) in tensors)
            {
                WriteEntry(json, name, tensor, offsets[name]);
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of 8, so that a reader that maps the file finds the data aligned.
        var header = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        header.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header.Length <= SafetensorsFormat.MostHeaderBytes
            ? header
            : throw new ArgumentException($"Expected a header of at most {SafetensorsFormat.MostHeaderBytes} bytes but got {header.Length}.", nameof(metadata));
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, long offset)
    {
        json.WriteStartObject(StrictText.GetBytes(name));
        json.WriteString(SafetensorsFormat.DtypeKey, SafetensorsFormat.NameOf(tensor.dtype));
        WriteNumbers(json, SafetensorsFormat.ShapeKey, tensor.shape);
        WriteNumbers(json, SafetensorsFormat.OffsetsKey, [offset, offset + (tensor.numel() * tensor.ElementSize)]);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, long[] numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
