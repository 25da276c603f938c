using System.IO.Compression;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Writes a state_dict that <c>torch.load(path, weights_only=True)</c> opens; the same tensors give the same bytes.</summary>
internal static class StateDictWriter
{
    private const string Folder = "archive/";

    // The first day that a zip file can name: the time of writing would make other bytes each time.
    private static readonly DateTimeOffset FirstDay = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        KeyValuePair<string, Tensor>[] listed = [.. tensors];
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(zip, "data.pkl", output => output.Write(PickleWriter.Write(listed.Select((tensor, index) => (tensor.Key, Describe(tensor.Key, tensor.Value, index))))));
        Add(zip, "byteorder", output => output.Write("little"u8));
        for (var i = 0; i < listed.Length; i++)
        {
            using var scope = NewDisposeScope();
            var tensor = listed[i].Value.detach().cpu().contiguous();
            Add(zip, $"data/{i}", output => TensorMemory.ForEachPiece(tensor, (piece, _) => output.Write(piece)));
        }

        Add(zip, "version", output => output.Write("3\n"u8));
    }

    private static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        var entry = zip.CreateEntry($"{Folder}{name}", CompressionLevel.NoCompression); // torch reads no compressed entry
        entry.LastWriteTime = FirstDay;
        using var output = entry.Open();
        write(output);
    }

    private static StoredTensor Describe(string name, Tensor tensor, int index)
    {
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
