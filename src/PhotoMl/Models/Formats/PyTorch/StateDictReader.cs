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
    private (TensorStorage? Storage, byte[] Bytes) _last = (null, []);

    private StateDictReader(string path, Stream stream)
        : base(path)
    {
        _zip = new ZipArchive(stream, ZipArchiveMode.Read);
        Require(_zip.Entries.Count <= MostEntries, $"at most {MostEntries} entries", _zip.Entries.Count);
        var pickles = _zip.Entries.Where(entry => entry.FullName.Split('/') is [_, PickleName]).ToList();
        _folder = pickles.Count == 1
            ? pickles[0].FullName[..^PickleName.Length]
            : throw new InvalidModelException(path, Kind, pickles.Count > 1
                ? $"a zip file with {pickles.Count} entries named {PickleName}"
                : $"a zip file of {string.Join(", ", _zip.Entries.Take(3).Select(entry => entry.FullName))} without {PickleName}");
        Require(
            _zip.GetEntry($"{_folder}constants.pkl") is null,
            Kind,
            "a TorchScript program; save its state_dict() with torch.save instead");
        Require(
            _zip.GetEntry($"{_folder}byteorder") is not { } order || ReadEntry(order, 64).AsSpan().SequenceEqual("little"u8),
            "data in little-endian byte order",
            "another order");

        _stored = FindTensors(PickleReader.Read(path, ReadEntry(pickles[0], PickleReader.MostBytes)));
        Tensors = _stored.ToDictionary(entry => entry.Key, entry => Describe(entry.Key, entry.Value));
        Require(
            Tensors.Values.Sum(entry => entry.Length) <= MostShared * stream.Length,
            $"tensors of at most {MostShared} times the size of the file",
            "more");
    }

    public static StateDictReader Open(string path, Stream stream) => Open(path, Kind, stream, () => new StateDictReader(path, stream));

    public override void Dispose() => _zip.Dispose();

    protected override Tensor Read(TensorEntry entry) => Guard(Path, Kind, () =>
    {
        var stored = _stored[entry.Name];
        if (_last.Storage != stored.Storage)
        {
            _last = (stored.Storage, ReadEntry(EntryOf(stored.Storage), Array.MaxLength));
        }

        using var data = new MemoryStream(_last.Bytes) { Position = stored.Offset * stored.Storage.Dtype.Bytes };

        // What lies between the first and the last element, of a storage that many tensors may share.
        return ReadNext(data, entry.Dtype, [stored.Extent]).as_strided(stored.Shape, stored.Strides).contiguous();
    });

    private byte[] ReadEntry(ZipArchiveEntry entry, int most)
    {
        CheckStored(entry);
        Require(entry.Length <= most, $"at most {most} bytes of {entry.Name}", entry.Length);
        using var stream = entry.Open(); // which makes sure that the file is as long
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);

        // As PyTorch does, and ZipArchive does not.
        var checksum = Crc32.Of(bytes);
        Require(checksum == entry.Crc32, $"{entry.FullName} of CRC-32 {entry.Crc32:x8}", $"{checksum:x8}: the file is damaged");
        return bytes;
    }

    // torch.save compresses nothing, so that no entry can be larger than the file.
    private void CheckStored(ZipArchiveEntry entry) => Require(
        entry.CompressedLength == entry.Length && !entry.IsEncrypted,
        "entries as torch.save writes them, not compressed",
        "a compressed or encrypted one");

    private Dictionary<string, StoredTensor> FindTensors(object? root)
    {
        var found = root as Dictionary<object, object?>;
        Require(found is not null, "a dictionary of tensors", "another object");
        var inner = found.Where(entry => entry.Value is Dictionary<object, object?> value && TensorsOf(value).Any()).ToList();
        Require(
            inner.Count == 1 || (inner.Count == 0 && TensorsOf(found).Any()),
            "a dictionary of tensors, or a checkpoint with exactly one",
            inner.Count == 0 ? "none" : $"those of {string.Join(", ", inner.Select(entry => entry.Key))}");
        if (inner is [var only])
        {
            found = (Dictionary<object, object?>)only.Value!;
            Notices.Add($"of this checkpoint the tensors of {only.Key} are taken.");
        }

        return TensorsOf(found).ToDictionary();

        // What else there is, such as the number of epochs, is no weight.
        static IEnumerable<KeyValuePair<string, StoredTensor>> TensorsOf(Dictionary<object, object?> dictionary) =>
            from entry in dictionary
            where entry is { Key: string, Value: StoredTensor }
            select KeyValuePair.Create((string)entry.Key, (StoredTensor)entry.Value!);
    }

    private TensorEntry Describe(string name, StoredTensor tensor)
    {
        var (storage, entry) = (tensor.Storage, EntryOf(tensor.Storage));
        CheckStored(entry);
        Require(
            entry.Length == (Int128)storage.Elements * storage.Dtype.Bytes,
            $"{PhotoMlException.Count(storage.Elements, "element")} of {storage.Dtype.Name} in a storage",
            PhotoMlException.Count(entry.Length, "byte"));
        return new TensorEntry(name, storage.Dtype.Name, tensor.Shape, tensor.Offset, tensor.Bytes);
    }

    private ZipArchiveEntry EntryOf(TensorStorage storage) => _zip.GetEntry($"{_folder}data/{storage.Key}")
        ?? throw new InvalidModelException(Path, "the data of every storage", "one that is missing");
}
