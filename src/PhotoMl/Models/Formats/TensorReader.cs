using PhotoMl.Runtime;

namespace PhotoMl.Models;

/// <summary>Reads a file of named tensors, whatever its format: the names at once, each tensor's data when asked for.</summary>
/// <remarks>Nothing in a file is trusted, and it can run no code: a model from a stranger is safe to open.</remarks>
internal abstract class TensorReader(string path) : IDisposable
{
    private static ReadOnlySpan<byte> LegacyStart => [0x80, 0x02, 0x8A, 0x0A]; // protocol 2, then the magic number of torch before 1.6

    public string Path => path;

    /// <summary>The free text in the file; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; protected init; } = new Dictionary<string, string>();

    /// <summary>The tensors by name, in the order of the file.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; protected init; } = new Dictionary<string, TensorEntry>();

    /// <summary>Opens a file by what it holds, not by its name.</summary>
    public static TensorReader OpenAny(string path)
    {
        var file = OpenFile(path, SafetensorsReader.Kind);
        var start = Open(path, SafetensorsReader.Kind, file, () => ReadStart(file)).AsSpan();
        return start.SequenceEqual("PK\x03\x04"u8) ? StateDictReader.Open(path, file)
            : !start.SequenceEqual(LegacyStart) ? SafetensorsReader.Open(path, file)
            : Open<TensorReader>(path, StateDictReader.Kind, file, () => throw new InvalidModelException(
                path,
                StateDictReader.Kind,
                "a file as torch before 1.6 wrote it; load it in a newer torch and save it again with torch.save"));

        static byte[] ReadStart(Stream file)
        {
            var start = new byte[4];
            var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            file.Position = 0;
            return start[..count];
        }
    }

    /// <summary>Makes sure that there is a tensor of one of some dtypes and of a shape.</summary>
    public void Expect(string name, IEnumerable<long> shape, params string[] dtypes)
    {
        var entry = Tensors.GetValueOrDefault(name);
        if (entry is null || !dtypes.Contains(entry.Dtype) || !entry.Shape.SequenceEqual(shape))
        {
            throw new InvalidModelException(
                path, $"{name} of {TensorEntry.Describe(string.Join(", ", dtypes), shape)}", entry is null ? "no such tensor" : $"{entry}");
        }
    }

    /// <summary>Reads a tensor, to be disposed by the caller.</summary>
    public Tensor ReadTensor(string name)
    {
        if (!Tensors.TryGetValue(name, out var entry))
        {
            throw new InvalidModelException(path, $"a tensor {name}", $"none of that name among its {Tensors.Count}");
        }

        NativeLibraries.EnsureLoaded();
        using var scope = NewDisposeScope();
        return Read(entry).MoveToOuterDisposeScope();
    }

    /// <summary>Reads a tensor whose numbers all have to be finite.</summary>
    public Tensor ReadFinite(string name)
    {
        using var scope = NewDisposeScope();
        var tensor = ReadTensor(name);
        return tensor.isfinite().all().item<bool>()
            ? tensor.MoveToOuterDisposeScope()
            : throw new InvalidModelException(path, $"finite numbers in {name}", "NaN or infinity");
    }

    /// <summary>Reads a tensor into one of the same dtype and shape, in place, whether or not that requires a gradient.</summary>
    public void CopyTo(string name, Tensor destination)
    {
        Expect(name, destination.shape, TensorDtype.NameOf(destination.dtype) ?? $"{destination.dtype}");
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        destination.copy_(ReadTensor(name));
    }

    public abstract void Dispose();

    protected abstract Tensor Read(TensorEntry entry);

    /// <summary>Makes a tensor of what a stream has next.</summary>
    protected Tensor ReadNext(Stream stream, string dtype, long[] shape)
    {
        var tensor = empty(shape, TensorDtype.Find(dtype)!.Type, CPU);
        TensorMemory.ForEachPiece(tensor, piece =>
        {
            stream.ReadExactly(piece);

            // To the compiler that built torch, a bool of any other value is undefined behaviour.
            if (dtype == "BOOL" && piece.ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                throw new InvalidModelException(path, "0 or 1 in tensors of BOOL", "other bytes");
            }
        });
        return tensor;
    }

    protected static Stream OpenFile(string path, string kind) =>
        Guard(path, kind, () => RegularFile.Open(path, FileShare.Read | FileShare.Delete, bufferSize: 0));

    /// <summary>Opens a reader on a stream, which it owns.</summary>
    protected static T Open<T>(string path, string kind, Stream stream, Func<T> create) => Guard(path, kind, () =>
    {
        try
        {
            return create();
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    });

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
