namespace PhotoMl.Tests.Runtime;

public class AlignedTensorTests
{
    // .NET arrays begin at any multiple of 8 bytes, so that some of so many do not begin at one of 64.
    [Fact]
    public unsafe void Numbers_begin_at_a_multiple_of_64_bytes_wherever_their_array_begins()
    {
        using var scope = NewDisposeScope();
        for (var count = 1; count <= 50; count++)
        {
            float[] values = [.. Enumerable.Range(0, count).Select(i => (float)i)];
            var copy = AlignedTensor.Copy(values, 1, count);

            Assert.Equal(0, (long)KernelMemory.Pointer<float>(copy) % 64);
            Assert.Equal([1, count], copy.shape);
            Assert.Equal(values, copy.data<float>());
        }
    }
}
