using System.Text;
using FsCheck;
using FsCheck.Xunit;
using TorchSharp;

namespace PhotoMl.Tests.Models;

public sealed class SafetensorsPropertyTests : IDisposable
{
    private const string Header = """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[3],"data_offsets":[8,11]}} """;

    private static readonly ScalarType[] Types =
    [
        ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32,
        ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64,
    ];

    private static readonly string[] Dtypes = ["BOOL", "U8", "I8", "I16", "I32", "I64", "F16", "BF16", "F32", "F64"];

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

    [Property(MaxTest = 200)]
    public void Any_set_of_tensors_round_trips_byte_for_byte(AnyTensor[] tensors, Dictionary<int, string?> texts, int seed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var written = tensors.DistinctBy(any => any.Name).Select(any => KeyValuePair.Create($"{any.Name}", Make(any, random))).ToArray();
        var metadata = texts.ToDictionary(text => $"{text.Key}", text => ReplaceInvalid(text.Value ?? ""));

        SafetensorsWriter.Write(FilePath, written, metadata);

        using var reader = SafetensorsReader.Open(FilePath);
        Assert.Equal(metadata, reader.Metadata);
        Assert.Equal(written.Select(tensor => tensor.Key), reader.Tensors.Keys);
        foreach (var (name, tensor) in written)
        {
            var read = reader.ReadTensor(name);
            Assert.Equal(0, reader.Tensors[name].Offset % tensor.ElementSize);
            Assert.Equal(tensor.dtype, read.dtype);
            Assert.Equal(tensor.shape, read.shape);
            Assert.Equal(tensor.bytes.ToArray(), read.bytes.ToArray());
            Assert.Equal(tensor.bytes.ToArray(), reader.ReadBytes(name));
        }
    }

    [Property(MaxTest = 2000)]
    public void A_valid_file_with_any_bytes_changed_is_read_or_refused((ushort Position, byte Value)[] changes)
    {
        var file = SafetensorsFile.Build(Header, 11);
        foreach (var (position, value) in changes)
        {
            file[position % file.Length] = value;
        }

        AssertReadOrRefused(file);
    }

    [Property(MaxTest = 2000)]
    public void A_valid_file_with_any_piece_cut_out_or_doubled_is_read_or_refused(ushort from, ushort to, bool doubled)
    {
        var file = SafetensorsFile.Build(Header, 11);
        var (start, end) = (Math.Min(from % file.Length, to % file.Length), Math.Max(from % file.Length, to % file.Length));
        AssertReadOrRefused([.. file[..(doubled ? end : start)], .. file[(doubled ? start : end)..]]);
    }

    [Property(MaxTest = 2000)]
    public void Any_shape_and_offsets_are_read_or_refused(byte dtype, AnyNumber[] shape, AnyNumber begin, AnyNumber end, byte dataLength)
    {
        var header = $$$"""{"a":{"dtype":"{{{Dtypes[dtype % Dtypes.Length]}}}","shape":[{{{string.Join(",", shape.Take(10))}}}],"data_offsets":[{{{begin}}},{{{end}}}]}}""";
        AssertReadOrRefused(SafetensorsFile.Build(header, dataLength));
    }

    [Property(MaxTest = 1000)]
    public void Any_two_ranges_of_data_are_read_or_refused(byte begin, byte end, byte otherBegin, byte otherEnd, byte dataLength)
    {
        var header = $$$"""{"a":{{{Range(begin % 4, end % 4)}}},"b":{{{Range(otherBegin % 4, otherEnd % 4)}}}}""";
        AssertReadOrRefused(SafetensorsFile.Build(header, dataLength % 5));
    }

    [Property(MaxTest = 1000)]
    public void Any_bytes_are_read_or_refused(byte[] bytes) => AssertReadOrRefused(bytes);

    [Property(MaxTest = 1000)]
    public void Any_bytes_as_the_header_are_read_or_refused(byte[] header) => AssertReadOrRefused(SafetensorsFile.Build([(byte)'{', .. header], 4));

    public void Dispose() => _folder.Dispose();

    private static string Range(int begin, int end) => $$"""{"dtype":"U8","shape":[{{Math.Max(0, end - begin)}}],"data_offsets":[{{begin}},{{end}}]}""";

    private static Tensor Make(AnyTensor any, Random random)
    {
        var result = empty([.. any.Shape.Take(8).Select(size => (long)(size % 4))], Types[any.Type % Types.Length]);
        random.NextBytes(result.bytes);
        foreach (ref var value in result.bytes)
        {
            value &= result.dtype == ScalarType.Bool ? (byte)1 : (byte)0xff;
        }

        return result;
    }

    // Half of a surrogate pair cannot be written as UTF-8.
    private static string ReplaceInvalid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private void AssertReadOrRefused(byte[] file)
    {
        File.WriteAllBytes(FilePath, file);
        var read = 0L;
        try
        {
            using var reader = SafetensorsReader.Open(FilePath);
            var headerLength = BitConverter.ToInt64(file);
            read = 8 + headerLength;
            foreach (var entry in reader.Tensors.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
            {
                using var tensor = reader.ReadTensor(entry.Name);
                Assert.Equal(read, entry.Offset);
                Assert.Equal(entry.Shape, tensor.shape);
                Assert.Equal(entry.Length, tensor.numel() * tensor.ElementSize);
                Assert.Equal(file.AsSpan((int)entry.Offset, (int)entry.Length), tensor.bytes);
                read += entry.Length;
            }

            Assert.Equal(file.Length, read);
        }
        catch (InvalidModelException exception)
        {
            Assert.StartsWith($"{FilePath}: expected ", exception.Message);
            Assert.DoesNotContain(exception.Message, char.IsControl);
        }
    }

    public sealed record AnyTensor(int Name, byte Type, byte[] Shape);

    /// <summary>A number near a power of two, or none at all, because those are where parsers go wrong.</summary>
    public sealed record AnyNumber(byte Power, sbyte Near, bool Negative, bool Small)
    {
        public override string ToString()
        {
            var number = Small ? Math.Abs((int)Near) % 6 : (Int128.One << (Power % 70)) + (Near % 3);
            return $"{(Negative && Power % 8 == 0 ? -number : number)}";
        }
    }
}
