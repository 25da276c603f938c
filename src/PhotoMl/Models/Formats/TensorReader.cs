using System.Diagnostics.CodeAnalysis;

namespace PhotoMl.Models;

/// <summary>Reads a file of named tensors, whatever its format: the names at once, each tensor's data when asked for.</summary>
/// <remarks>Nothing in a file is trusted, and it can run no code: a model from a stranger is safe to open.</remarks>
internal abstract class TensorReader(string path) : IDisposable
{
    public string Path => path;

    /// <summary>The free text in the file; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; protected init; } = new Dictionary<string, string>();

    /// <summary>The tensors by name, in the order of the file.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; protected set; } = new Dictionary<string, TensorEntry>();

    /// <summary>Which part of the file the tensors are, where they are not all of it.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>Opens a file by what it holds, not by its name.</summary>
    public static TensorReader OpenAny(string path)
    {
        const string Kind = $"{SafetensorsReader.Kind} or {StateDictReader.Kind}";
        var file = OpenFile(path, Kind);
        var isZip = Open(path, Kind, file, () => ReadStart(file, 4).AsSpan().SequenceEqual("PK\x03\x04"u8));
        return isZip ? StateDictReader.Open(path, file) : SafetensorsReader.Open(path, file, Kind);
    }

    /// <summary>Refuses the file where something does not hold.</summary>
    public void Require([DoesNotReturnIf(false)] bool holds, string expected, object found)
    {
        if (!holds)
        {
            throw new InvalidModelException(path, expected, $"{found}");
        }
    }

    /// <summary>Makes sure that there is a tensor of one of some dtypes and of a shape.</summary>
    public void Expect(string name, IEnumerable<long> shape, params string[] dtypes)
    {
        var entry = Tensors.GetValueOrDefault(name);
        Require(
            entry is not null && dtypes.Contains(entry.Dtype) && entry.Shape.SequenceEqual(shape),
            $"{name} of {TensorEntry.Describe(string.Join(", ", dtypes), shape)}",
            entry is null ? "no such tensor" : entry);
    }

    /// <summary>Reads a tensor, to be disposed by the caller.</summary>
    public Tensor ReadTensor(string name)
    {
        var entry = Tensors.GetValueOrDefault(name);
        Require(entry is not null, $"a tensor {name}", $"none of that name among its {Tensors.Count}");
        Require(TensorDtype.Find(entry.Dtype) is not null, $"{name} of a dtype that is one of {TensorDtype.Names}", entry);
        NativeLibraries.EnsureLoaded();
        using var scope = NewDisposeScope();
        return Read(entry).MoveToOuterDisposeScope();
    }

    /// <summary>Reads a tensor whose numbers all have to be finite.</summary>
    public Tensor ReadFinite(string name)
    {
        using var scope = NewDisposeScope();
        var tensor = ReadTensor(name);
        Require(tensor.isfinite().all().item<bool>(), $"finite numbers in {name}", "NaN or infinity");
        return tensor.MoveToOuterDisposeScope();
    }

    /// <summary>Reads a tensor into one of the same dtype and shape, in place, whether or not that requires a gradient.</summary>
    public void CopyTo(string name, Tensor destination)
    {
        Expect(name, destination.shape, TensorDtype.Of(destination).Name);
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        destination.copy_(ReadTensor(name));
    }

    /// <summary>Drops what a wrapper put before the names of a network's tensors, such as <c>module.</c>, and leaves out what lacks it: the
    /// prefix that most of the network's names have.</summary>
    /// <returns>The prefix; null where there is none.</returns>
    public string? DropPrefix(string first, IReadOnlyCollection<string> names)
    {
        var all = Tensors;
        var prefixes = all.Keys.Where(name => name.EndsWith($".{first}", StringComparison.Ordinal)).Select(name => name[..^first.Length])
            .Where(prefix => names.Count(name => all.ContainsKey(prefix + name)) > names.Count / 2).ToList();
        if (all.ContainsKey(first) || prefixes.Count == 0)
        {
            return null;
        }

        Require(prefixes.Count == 1, "the tensors of one network", $"those of {string.Join(", ", prefixes)}");
        var prefix = prefixes[0];
        Tensors = all.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);
        var others = all.Count - Tensors.Count;
        Notices.Add($"the prefix {prefix} of its tensors is dropped{(others == 0 ? "" : $", and what lacks it not used ({others})")}.");
        return prefix;
    }

    public abstract void Dispose();

    /// <summary>Reads the first bytes of a file, as many as there are, and goes back to its start.</summary>
    protected static byte[] ReadStart(Stream file, int most)
    {
        file.Position = 0;
        var start = new byte[most];
        var count = file.ReadAtLeast(start, most, throwOnEndOfStream: false);
        file.Position = 0;
        return start[..count];
    }

    protected abstract Tensor Read(TensorEntry entry);

    /// <summary>Makes a tensor of what a stream has next.</summary>
    protected Tensor ReadNext(Stream stream, string dtype, long[] shape)
    {
        var tensor = empty(shape, TensorDtype.Find(dtype)!.Type, CPU);
        TensorMemory.ForEachPiece(tensor, piece =>
        {
            stream.ReadExactly(piece);

            // To the compiler that built torch, a bool of any other value is undefined behaviour.
            Require(dtype != "BOOL" || !piece.ContainsAnyExceptInRange((byte)0, (byte)1), "0 or 1 in tensors of BOOL", "other bytes");
        });
        return tensor;
    }

    protected static Stream OpenFile(string path, string kind) =>
        Guard(path, kind, () => RegularFile.Open(path, FileShare.Read | FileShare.Delete, bufferSize: 0));

    /// <summary>Opens a reader on a stream, which it owns.</summary>
    protected static T Open<T>(string path, string kind, Stream stream, Func<T> create) => Guard(path, kind, () => Owned.Open(owned =>
    {
        owned.Add(stream);
        return create();
    }));

    protected static T Guard<T>(string path, string kind, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException
            or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new InvalidModelException(
                path,
                kind,
                exception switch
                {
                    FileNotFoundException or DirectoryNotFoundException => "no such file",
                    UnauthorizedAccessException => Directory.Exists(path) ? "a folder" : "that permission to read it is denied",
                    PathTooLongException => "a path longer than the system allows",
                    NotRegularFileException => exception.Message,
                    _ => $"a file that cannot be read: {PhotoMlException.ReasonOf(exception).Split(" : '")[0]}",
                },
                exception);
        }
    }
}

/// <summary>What a file says of one tensor.</summary>
/// <param name="Name">Its name, such as <c>conv1.weight</c>.</param>
/// <param name="Dtype">Its dtype as safetensors names it; see <see cref="TensorDtype"/>.</param>
/// <param name="Shape">The size of each dimension; empty for a scalar.</param>
/// <param name="Offset">Where its data start: in bytes from the start of a safetensors file.</param>
/// <param name="Length">The size of its data in bytes.</param>
internal sealed record TensorEntry(string Name, string Dtype, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>Dtype and shape, such as <c>F32 (64, 32, 3, 3)</c>.</summary>
    public override string ToString() => Describe(Dtype, Shape);

    public static string Describe(string dtype, IEnumerable<long> shape) => $"{dtype} ({string.Join(", ", shape)})";
}
