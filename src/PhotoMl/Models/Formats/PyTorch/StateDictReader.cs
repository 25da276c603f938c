using System.IO.Compression;
using PhotoMl.IO;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Reads a state_dict that <c>torch.save</c> wrote (version 1.6 or newer): the names at once, each tensor's data when asked for.</summary>
/// <remarks>
/// <para>A file is a zip of uncompressed entries: a pickle, <c>data.pkl</c>, that says which tensors there are, and the raw memory they are views of,
/// <c>data/0</c> and so on (https://pytorch.org/docs/stable/notes/serialization.html). The pickle is read by <see cref="PickleReader"/>, which runs nothing.</para>
/// <para>A checkpoint is read too where exactly one of its values is a dictionary of tensors. Nothing in the file is trusted: no tensor has more elements than
/// the file holds, and all together are no more than a few times as large as it.</para>
/// </remarks>
internal sealed class StateDictReader : ITensorReader
{
    private const string Kind = "a state_dict of PyTorch";
    private const string PickleName = "data.pkl";
    private const int MostEntries = SafetensorsFormat.MostTensors + 100;
    private const int MostShared = 8; // how often the same bytes may be asked for, as by tied weights

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, StoredTensor> _stored = [];
    private readonly Dictionary<string, SafetensorsEntry> _tensors = [];
    private readonly string _folder;
    private long _bytes;

    private StateDictReader(string path, Stream stream)
    {
        Path = path;
        _zip = new ZipArchive(stream, ZipArchiveMode.Read);
        if (_zip.Entries.Count > MostEntries)
        {
            throw new InvalidModelException(path, $"at most {MostEntries} entries", $"{_zip.Entries.Count}");
        }

        var pickles = _zip.Entries.Where(entry => entry.FullName.Split('/') is [_, PickleName]).ToList();
        _folder = pickles.Count == 1 ? pickles[0].FullName[..^PickleName.Length] : throw new InvalidModelException(path, Kind, $"a zip file with {pickles.Count} entries named {PickleName}");
        if (_zip.GetEntry($"{_folder}constants.pkl") is not null)
        {
            throw new InvalidModelException(path, Kind, "a TorchScript program; save its state_dict() with torch.save instead");
        }

        CheckByteOrder();
        var pickle = ReadEntry(pickles[0], PickleReader.MostBytes);
        foreach (var (name, tensor) in FindTensors(PickleReader.Read(path, pickle)))
        {
            Add(name, tensor, stream.Length);
        }
    }

    public string Path { get; }
    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors => _tensors;

    public static StateDictReader Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidModelException(path, Kind, "a folder");
        }

        return Open(path, Guard(path, () => RegularFile.Open(path)));
    }

    public static StateDictReader Open(string path, Stream stream)
    {
        try
        {
            return Guard(path, () =>
            {
                Span<byte> start = stackalloc byte[4];
                var count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
                if (TensorFile.IsLegacy(start[..count]))
                {
                    throw new InvalidModelException(path, Kind, "a file as torch before 1.6 wrote it; load it in a newer torch and save it again with torch.save");
                }

                stream.Position = 0;
                return new StateDictReader(path, stream);
            });
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public Tensor ReadTensor(string name)
    {
        if (!_stored.TryGetValue(name, out var stored))
        {
            throw new InvalidModelException(Path, $"a tensor {name}", $"none of that name among its {_stored.Count}");
        }

        NativeLibraries.EnsureLoaded();
        using var scope = NewDisposeScope();
        var type = SafetensorsFormat.TypeOf(stored.Storage.Dtype);
        if (stored.Elements == 0)
        {
            return empty(stored.Shape, type, CPU).MoveToOuterDisposeScope();
        }

        var memory = empty([stored.Extent], type, CPU);
        Guard(Path, () => Fill(memory, stored));
        var tensor = stored.IsContiguous ? memory.view(stored.Shape) : memory.as_strided(stored.Shape, stored.Strides).contiguous();
        return tensor.MoveToOuterDisposeScope();
    }

    public void CopyTo(string name, Tensor destination)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var tensor = ReadTensor(name);
        if (tensor.dtype != destination.dtype || !tensor.shape.SequenceEqual(destination.shape))
        {
            throw new InvalidModelException(
                Path, $"{name} to be {SafetensorsEntry.Describe(SafetensorsFormat.NameOf(destination.dtype) ?? $"{destination.dtype}", destination.shape)}", $"{Tensors[name]}");
        }

        destination.copy_(tensor);
    }

    public void Dispose() => _zip.Dispose();

    private bool Fill(Tensor memory, StoredTensor stored)
    {
        using var data = EntryOf(stored.Storage).Open();
        Skip(data, stored.Offset * memory.ElementSize);
        TensorMemory.ForEachPiece(memory, (piece, _) =>
        {
            data.ReadExactly(piece);

            // To the compiler that built torch, a bool of any other value is undefined behaviour.
            if (stored.Storage.Dtype == "BOOL" && piece.ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                throw new InvalidModelException(Path, "0 or 1 in tensors of BOOL", "other bytes");
            }
        });
        return true;
    }

    private static void Skip(Stream data, long count)
    {
        if (data.CanSeek)
        {
            data.Position += count;
            return;
        }

        var unused = new byte[(int)Math.Min(count, 1 << 16)];
        for (; count > 0; count -= Math.Min(count, unused.Length))
        {
            data.ReadExactly(unused, 0, (int)Math.Min(count, unused.Length));
        }
    }

    private void CheckByteOrder()
    {
        if (_zip.GetEntry($"{_folder}byteorder") is { } entry && !ReadEntry(entry, 64).AsSpan().SequenceEqual("little"u8))
        {
            throw new InvalidModelException(Path, "data in little-endian byte order", "another order");
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

    private IEnumerable<(string Name, StoredTensor Tensor)> FindTensors(object? root)
    {
        if (root is not Dictionary<object, object?> dictionary)
        {
            throw new InvalidModelException(Path, "a dictionary of tensors", "another object");
        }

        if (!IsOfTensors(dictionary))
        {
            var inner = dictionary.Where(entry => entry.Value is Dictionary<object, object?> { Count: > 0 } nested && IsOfTensors(nested)).ToList();
            dictionary = inner.Count == 1
                ? (Dictionary<object, object?>)inner[0].Value!
                : throw new InvalidModelException(Path, "a dictionary of tensors, or a checkpoint with exactly one", $"{inner.Count} of them");
        }

        return dictionary.Select(entry => ((string)entry.Key, (StoredTensor)entry.Value!));
    }

    private static bool IsOfTensors(Dictionary<object, object?> dictionary) => dictionary.All(entry => entry is { Key: string, Value: StoredTensor });

    private void Add(string name, StoredTensor tensor, long fileLength)
    {
        var storage = tensor.Storage;
        var elementBytes = SafetensorsFormat.BytesOf(storage.Dtype);
        var entry = EntryOf(storage);
        CheckStored(entry);
        if (entry.Length != (Int128)storage.Elements * elementBytes)
        {
            throw new InvalidModelException(Path, $"{storage.Elements} elements of {storage.Dtype} in a storage", $"{entry.Length} bytes");
        }

        var length = tensor.Elements * elementBytes;
        _stored.Add(name, tensor);
        _tensors.Add(name, new SafetensorsEntry(name, storage.Dtype, tensor.Shape, tensor.Offset * elementBytes, length));
        _bytes += length;
        if (_bytes > MostShared * fileLength)
        {
            throw new InvalidModelException(Path, $"tensors of at most {MostShared} times the size of the file", "more");
        }
    }

    private ZipArchiveEntry EntryOf(TensorStorage storage) => _zip.GetEntry($"{_folder}data/{storage.Key}")
        ?? throw new InvalidModelException(Path, "the data of every storage", "one that is missing");

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FileNotFoundException exception)
        {
            throw new InvalidModelException(path, Kind, "no such file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new InvalidModelException(path, Kind, $"a file that cannot be read: {exception.Message.ReplaceLineEndings(" ").Split(" : '")[0]}", exception);
        }
    }
}
