using TorchSharp;

namespace PhotoMl.Tests.Models;

public sealed class SafetensorsPropertyTests : FolderTests
{
    private const string Header = """{"__metadata__":{"k":"v"}"""
        + ""","a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[3],"data_offsets":[8,11]}} """;

    private static readonly (ScalarType Type, string Name)[] Dtypes =
    [
        (ScalarType.Bool, "BOOL"), (ScalarType.Byte, "U8"), (ScalarType.Int8, "I8"), (ScalarType.Int16, "I16"), (ScalarType.Int32, "I32"),
        (ScalarType.Int64, "I64"), (ScalarType.Float16, "F16"), (ScalarType.BFloat16, "BF16"), (ScalarType.Float32, "F32"),
        (ScalarType.Float64, "F64"),
    ];

    [Property(MaxTest = 100)]
    public void Any_set_of_tensors_round_trips_byte_for_byte(AnyTensor[] tensors, Dictionary<int, string?> texts, int seed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var written = tensors.DistinctBy(any => any.Name).Select(any => KeyValuePair.Create($"{any.Name}", Make(any, random))).ToArray();
        var metadata = texts.ToDictionary(text => $"{text.Key}", text => ReplaceInvalid(text.Value ?? ""));

        SafetensorsWriter.Write(Folder.File("model.safetensors"), written, metadata);

        using var reader = SafetensorsReader.Open(Folder.File("model.safetensors"));
        Assert.Equal(metadata, reader.Metadata);
        Assert.Equal(written.Select(tensor => tensor.Key), reader.Tensors.Keys);
        foreach (var (name, tensor) in written)
        {
            var read = reader.ReadTensor(name);
            Assert.Equal(0, reader.Tensors[name].Offset % tensor.ElementSize);
            var dtype = Array.Find(Dtypes, dtype => dtype.Type == tensor.dtype).Name;
            Assert.Equal($"{dtype} ({string.Join(", ", tensor.shape)})", $"{reader.Tensors[name]}");
            Assert.Equal((tensor.dtype, name), (read.dtype, reader.Tensors[name].Name));
            Assert.Equal(tensor.shape, read.shape);
            Assert.Equal(tensor.bytes.ToArray(), read.bytes.ToArray());
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
        var (name, sizes) = (Dtypes[dtype % Dtypes.Length].Name, string.Join(",", shape.Take(10)));
        var header = $$$"""{"a":{"dtype":"{{{name}}}","shape":[{{{sizes}}}],"data_offsets":[{{{begin}}},{{{end}}}]}}""";
        AssertReadOrRefused(SafetensorsFile.Build(header, dataLength));
    }

    [Property(MaxTest = 1000)]
    public void Any_two_ranges_of_data_are_read_or_refused(byte begin, byte end, byte otherBegin, byte otherEnd, byte dataLength)
    {
        var header = $$$"""{"a":{{{Range(begin % 4, end % 4)}}},"b":{{{Range(otherBegin % 4, otherEnd % 4)}}}}""";
        AssertReadOrRefused(SafetensorsFile.Build(header, dataLength % 5));

        static string Range(int begin, int end) =>
            $$"""{"dtype":"U8","shape":[{{Math.Max(0, end - begin)}}],"data_offsets":[{{begin}},{{end}}]}""";
    }

    [Property(MaxTest = 1000)]
    public void Any_bytes_are_read_or_refused_as_a_file_and_as_a_header(byte[] bytes)
    {
        AssertReadOrRefused(bytes);
        AssertReadOrRefused(SafetensorsFile.Build([(byte)'{', .. bytes], 4));
    }

    private static Tensor Make(AnyTensor any, Random random)
    {
        var result = empty([.. any.Shape.Take(8).Select(size => (long)(size % 4))], Dtypes[any.Type % Dtypes.Length].Type);
        random.NextBytes(result.bytes);
        foreach (ref var value in result.bytes)
        {
            value &= result.dtype == ScalarType.Bool ? (byte)1 : (byte)0xff;
        }

        return result;
    }

    // Half of a surrogate pair cannot be written as UTF-8.
    private static string ReplaceInvalid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static void AssertReadOrRefused(byte[] file)
    {
        try
        {
            using var reader = SafetensorsFile.Open(file);
            var read = 8 + BitConverter.ToInt64(file);
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
            Assert.StartsWith($"{SafetensorsFile.Name}: expected ", exception.Message);
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
