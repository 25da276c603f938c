using PhotoMl.Data;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Writes a state_dict that <c>torch.load(path, weights_only=True)</c> opens; the same tensors give the same bytes.</summary>
internal static class StateDictWriter
{
    private const string Folder = "archive/";

    /// <summary>Writes tensors to a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tensors">The tensors by name, in the order they are to be listed.</param>
    /// <exception cref="ArgumentException">A tensor is of a dtype or of more dimensions than a file can have, or all are too large together.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        KeyValuePair<string, Tensor>[] listed = [.. tensors];
        var zip = new StoredZip(stream);
        Add(zip, "data.pkl", PickleWriter.Write(listed.Select((tensor, index) => (tensor.Key, Describe(tensor.Key, tensor.Value, index)))));
        Add(zip, "byteorder", "little"u8.ToArray());
        for (var i = 0; i < listed.Length; i++)
        {
            using var scope = NewDisposeScope();
            var tensor = listed[i].Value.detach().cpu().contiguous();
            var crc = 0u;
            TensorMemory.ForEachPiece(tensor, (piece, _) => crc = Crc32.Append(crc, piece));
            zip.Add($"{Folder}data/{i}", tensor.numel() * tensor.ElementSize, crc, output => TensorMemory.ForEachPiece(tensor, (piece, _) => output.Write(piece)));
        }

        Add(zip, "version", "3\n"u8.ToArray());
        zip.Finish();
    }

    private static void Add(StoredZip zip, string name, byte[] bytes) =>
        zip.Add($"{Folder}{name}", bytes.Length, Crc32.Of(bytes), output => output.Write(bytes));

    private static StoredTensor Describe(string name, Tensor tensor, int index)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (SafetensorsFormat.NameOf(tensor.dtype) is not { } dtype || tensor.dim() > SafetensorsFormat.MostDimensions)
        {
            throw new ArgumentException(
                $"Expected {name} to be of {SafetensorsFormat.DtypeNames} and of at most {SafetensorsFormat.MostDimensions} dimensions but got {tensor.dtype} and {tensor.dim()}.",
                nameof(tensor));
        }

        var strides = new long[tensor.dim()];
        var step = 1L;
        for (var i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= Math.Max(1, tensor.shape[i]);
        }

        return new StoredTensor(new TensorStorage(dtype, $"{index}", tensor.numel()), 0, tensor.shape, strides);
    }
}
