namespace PhotoMl.Models;

/// <summary>What a safetensors file's header says of one tensor.</summary>
internal sealed class SafetensorsEntry
{
    internal SafetensorsEntry(string name, string dtype, long[] shape, long offset, long length)
    {
        Name = name;
        Dtype = dtype;
        Shape = shape;
        Offset = offset;
        Length = length;
    }

    /// <summary>The tensor's name, such as <c>conv1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The dtype as the format names it: BOOL, U8, I8, I16, I32, I64, F16, BF16, F32 or F64.</summary>
    public string Dtype { get; }

    /// <summary>The size of each dimension; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Where the data start, in bytes from the start of the file.</summary>
    public long Offset { get; }

    public long Length { get; }

    public override string ToString() => Describe(Dtype, Shape);

    internal static string Describe(string dtype, IEnumerable<long> shape) => $"{dtype} ({string.Join(", ", shape)})";
}
