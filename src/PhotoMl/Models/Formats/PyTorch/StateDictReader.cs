using System.IO.Compression;

namespace PhotoMl.Models;

/// <summary>Reads a state_dict that <c>torch.save</c> wrote (version 1.6 or newer).</summary>
/// <remarks>
/// <para>A file is a zip of uncompressed entries: a pickle, <c>data.pkl</c>, that says which tensors there are, and the raw memory they are
/// views of, <c>data/0</c> and so on (https://pytorch.org/docs/stable/notes/serialization.html). The pickle is read by
/// <see cref="PickleReader"/>, which runs nothing.</para>
/// <para>A checkpoint is read too where exactly one of its values is a dictionary of tensors. No tensor has more elements than the file
/// holds, and all together are no more than a few times as large as it.</para>
/// </remarks>
internal sealed class StateDictReader : TensorReader
{
    public const string Kind = "a state_dict of PyTorch";

    private const string PickleName = "data.pkl";
    private const int MostEntries = TensorDtype.MostTensors + 100;
    private const int MostShared = 8; // how often the same bytes may be asked for, as by tied weights

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, StoredTensor> _stored = [];
    private readonly string _folder;

    private StateDictReader(string path, Stream stream)
        : base(path)
    {
        _zip = new ZipArchive(stream, ZipArchiveMode.Read);
        if (_zip.Entries.Count > MostEntries)
        {
            throw new InvalidModelException(path, $"at most {MostEntries} entries", $"{_zip.Entries.Count}");
        }

        var pickles = _zip.Entries.Where(entry => entry.FullName.Split('/') is [_, PickleName]).ToList();
        _folder = pickles.Count == 1
            ? pickles[0].FullName[..^PickleName.Length]
            : throw new InvalidModelException(path, Kind, $"a zip file with {pickles.Count} entries named {PickleName}");
        if (_zip.GetEntry($"{_folder}constants.pkl") is not null)
        {
            throw new InvalidModelException(path, Kind, "a TorchScript program; save its state_dict() with torch.save instead");
        }

        if (_zip.GetEntry($"{_folder}byteorder") is { } order && !ReadEntry(order, 64).AsSpan().SequenceEqual("little"u8))
        {
            throw new InvalidModelException(path, "data in little-endian byte order", "another order");
        }

        _stored = FindTensors(PickleReader.Read(path, ReadEntry(pickles[0], PickleReader.MostBytes)));
        Tensors = _stored.ToDictionary(entry => entry.Key, entry => Describe(entry.Key, entry.Value));
        if (Tensors.Values.Sum(entry => entry.Length) > MostShared * stream.Length)
        {
            throw new InvalidModelException(path, $"tensors of at most {MostShared} times the size of the file", "more");
        }
    }

    public static StateDictReader Open(string path, Stream stream) => Open(path, Kind, stream, () => new StateDictReader(path, stream));

    public override void Dispose() => _zip.Dispose();

    protected override Tensor Read(TensorEntry entry) => Guard(Path, Kind, () =>
    {
        var stored = _stored[entry.Name];
        using var data = EntryOf(stored.Storage).Open();
        Skip(data, stored.Offset * stored.Storage.Dtype.Bytes);

        // What lies between the first and the last element, of a storage that many tensors may share.
        return ReadNext(data, entry.Dtype, [stored.Extent]).as_strided(stored.Shape, stored.Strides).contiguous();
    });

    private static void Skip(Stream data, long count)
    {
        if (data.CanSeek)
        {
            data.Position += count;
            return;
        }

        var unused = new byte[1 << 16];
        for (; count > 0; count -= Math.Min(count, unused.Length))
        {
            data.ReadExactly(unused, 0, (int)Math.Min(count, unused.Length));
        }
    }

    private byte[] ReadEntry(ZipArchiveEntry entry, int most)
    {
        CheckStored(entry);
        if (entry.Length > most)
        {
            throw new InvalidModelException(Path, $"at most {most} bytes of {entry.Name}", $"{entry.Length}");
        }

        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    // torch.save compresses nothing, so that no entry can be larger than the file.
    private void CheckStored(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length || entry.IsEncrypted)
        {
            throw new InvalidModelException(Path, "entries as torch.save writes them, not compressed", "a compressed or encrypted one");
        }
    }

    private Dictionary<string, StoredTensor> FindTensors(object? root)
    {
        var found = root as Dictionary<object, object?>
            ?? throw new InvalidModelException(Path, "a dictionary of tensors", "another object");
        if (!IsOfTensors(found))
        {
            var inner = found.Values.OfType<Dictionary<object, object?>>().Where(value => value.Count > 0 && IsOfTensors(value)).ToList();
            found = inner is [var only]
                ? only
                : throw new InvalidModelException(
                    Path, "a dictionary of tensors, or a checkpoint with exactly one", $"{inner.Count} of them");
        }

        return found.ToDictionary(entry => (string)entry.Key, entry => (StoredTensor)entry.Value!);

        static bool IsOfTensors(Dictionary<object, object?> dictionary) =>
            dictionary.All(entry => entry is { Key: string, Value: StoredTensor });
    }

    private TensorEntry Describe(string name, StoredTensor tensor)
    {
        var (storage, entry) = (tensor.Storage, EntryOf(tensor.Storage));
        CheckStored(entry);
        return entry.Length == (Int128)storage.Elements * storage.Dtype.Bytes
            ? new TensorEntry(name, storage.Dtype.Name, tensor.Shape, tensor.Offset, tensor.Bytes)
            : throw new InvalidModelException(
                Path, $"{storage.Elements} elements of {storage.Dtype.Name} in a storage", $"{entry.Length} bytes");
    }

    private ZipArchiveEntry EntryOf(TensorStorage storage) => _zip.GetEntry($"{_folder}data/{storage.Key}")
        ?? throw new InvalidModelException(Path, "the data of every storage", "one that is missing");
}
