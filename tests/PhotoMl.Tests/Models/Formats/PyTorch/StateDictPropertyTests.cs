namespace PhotoMl.Tests.Models;

public sealed class StateDictPropertyTests
{
    private static readonly byte[] Pickle = PickleWriter.Write(
    [
        ("weight", new StoredTensor(new TensorStorage(TensorDtype.Find("F32")!, "0", 6), 0, [2, 3], [3, 1])),
        ("count", new StoredTensor(new TensorStorage(TensorDtype.Find("I64")!, "1", 1), 0, [], [])),
    ]);

    private static readonly byte[] Whole = WriteWhole();
    private static readonly Dictionary<string, double> WholeValues = new() { ["weight"] = 6, ["mask"] = 3, ["count"] = 5 };

    [Property(MaxTest = 500)]
    public void Random_bytes_are_read_or_refused_as_a_pickle(byte[] bytes) => AssertPickleReadOrRefused(bytes);

    [Property(MaxTest = 2000)]
    public void A_changed_pickle_is_read_or_refused(ushort position, byte value, ushort length)
    {
        byte[] changed = [.. Pickle];
        changed[position % changed.Length] = value;
        AssertPickleReadOrRefused(changed);
        AssertPickleReadOrRefused(changed[..(length % changed.Length)]);
    }

    [Property(MaxTest = 2000)]
    public void A_changed_file_is_read_or_refused(ushort position, byte value, ushort other, byte otherValue)
    {
        byte[] changed = [.. Whole];
        changed[position % changed.Length] = value;
        changed[other % changed.Length] = otherValue;
        AssertFileReadOrRefused(changed);
        AssertFileReadOrRefused(changed[..(other % changed.Length)]);
    }

    [Property(MaxTest = 500)]
    public void Random_bytes_are_refused_as_a_file(byte[] bytes) => AssertFileReadOrRefused(bytes);

    private static byte[] WriteWhole()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        StateDictWriter.Write(stream, [new("weight", ones(2, 3)), new("mask", ones(3, ScalarType.Bool)), new("count", tensor(5L))]);
        return stream.ToArray();
    }

    private static void AssertPickleReadOrRefused(byte[] bytes)
    {
        try
        {
            _ = PickleReader.Read("a.pt", bytes);
        }
        catch (InvalidModelException exception)
        {
            AssertOneLine(exception);
        }
    }

    private static void AssertFileReadOrRefused(byte[] bytes)
    {
        try
        {
            using var reader = StateDictReader.Open("a.pt", new MemoryStream(bytes));
            foreach (var entry in reader.Tensors.Values)
            {
                using var tensor = reader.ReadTensor(entry.Name);
                Assert.Equal(entry.Shape, tensor.shape);
                Assert.True(entry.Length <= bytes.Length);

                // The checksums are those of all that says or holds a number.
                Assert.Equal(WholeValues[entry.Name], tensor.to(ScalarType.Float64).sum().item<double>());
            }
        }
        catch (InvalidModelException exception)
        {
            AssertOneLine(exception);
        }
    }

    private static void AssertOneLine(InvalidModelException exception)
    {
        Assert.StartsWith("a.pt: expected ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(exception.Message, char.IsControl);
    }
}
