using System.IO.Compression;

namespace PhotoMl.Models;

/// <summary>Writes a state_dict that <c>torch.load(path, weights_only=True)</c> opens; the same tensors give the same bytes.</summary>
internal static class StateDictWriter
{
    // The first day that a zip file can name: the time of writing would make other bytes each time.
    private static readonly DateTimeOffset FirstDay = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        KeyValuePair<string, Tensor>[] listed = [.. tensors];
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var pickle = PickleWriter.Write(listed.Select((entry, index) => (entry.Key, Describe(entry.Value, index))));
        Add("data.pkl", output => output.Write(pickle));
        Add("byteorder", output => output.Write("little"u8));
        foreach (var (index, (_, tensor)) in listed.Index())
        {
            Add($"data/{index}", output => TensorMemory.ForEachPiece(tensor, piece => output.Write(piece)));
        }

        Add("version", output => output.Write("3\n"u8));

        void Add(string name, Action<Stream> write)
        {
            var entry = zip.CreateEntry($"archive/{name}", CompressionLevel.NoCompression); // torch reads no compressed entry
            entry.LastWriteTime = FirstDay;
            using var output = entry.Open();
            write(output);
        }
    }

    private static StoredTensor Describe(Tensor tensor, int index)
    {
        using var plain = empty(tensor.shape, device: META); // whose strides are those of the memory that is written
        var storage = new TensorStorage(TensorDtype.Of(tensor), $"{index}", tensor.numel());
        return new StoredTensor(storage, 0, tensor.shape, plain.stride());
    }
}
