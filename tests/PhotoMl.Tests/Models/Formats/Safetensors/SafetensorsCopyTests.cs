using TorchSharp;

namespace PhotoMl.Tests.Models;

public sealed class SafetensorsCopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

    [Fact]
    public void A_parameter_that_requires_a_gradient_is_filled_in_place()
    {
        using var scope = NewDisposeScope();
        Write(arange(6, float32).reshape(2, 3));
        using var layer = nn.Linear(3, 2);
        var weight = layer.weight!;

        Copy(weight);

        Assert.Equal([0f, 1, 2, 3, 4, 5], weight.data<float>().ToArray());
        Assert.True(weight.requires_grad);
        Assert.True(weight.is_leaf);
        Assert.Same(weight, layer.weight);

        layer.call(ones(1, 3)).sum().backward();
        Assert.Equal([1f, 1, 1, 1, 1, 1], weight.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_destination_with_other_strides_is_filled_in_place()
    {
        using var scope = NewDisposeScope();
        Write(arange(6, float32).reshape(2, 3));
        var memory = zeros(3, 2, requires_grad: true);
        var destination = memory.detach().t().requires_grad_();

        Copy(destination);

        Assert.False(destination.is_contiguous());
        Assert.True(destination.requires_grad);
        Assert.True(destination.is_leaf);
        Assert.Equal([0f, 3, 1, 4, 2, 5], memory.data<float>().ToArray());
    }

    [Fact]
    public void A_source_with_other_strides_is_written_in_row_major_order()
    {
        using var scope = NewDisposeScope();
        Write(arange(6, float32).reshape(3, 2).t().requires_grad_());
        using var reader = SafetensorsReader.Open(FilePath);
        Assert.Equal([0f, 2, 4, 1, 3, 5], reader.ReadTensor("weight").data<float>().ToArray());
    }

    [Fact]
    public void A_part_of_a_larger_tensor_is_written_and_filled_alone()
    {
        using var scope = NewDisposeScope();
        Write(arange(6, float32).narrow(0, 2, 2));
        var memory = zeros(4);

        Copy(memory.narrow(0, 1, 2));

        Assert.Equal([0f, 2, 3, 0], memory.data<float>().ToArray());
    }

    [Theory]
    [InlineData(ScalarType.Float32, "F32 (3, 2)", 3, 2)]
    [InlineData(ScalarType.Float32, "F32 (6)", 6)]
    [InlineData(ScalarType.Float32, "F32 (1, 2, 3)", 1, 2, 3)]
    [InlineData(ScalarType.Float32, "F32 (4, 3)", 4, 3)]
    [InlineData(ScalarType.Float32, "F32 ()")]
    [InlineData(ScalarType.Int32, "I32 (2, 3)", 2, 3)]
    [InlineData(ScalarType.BFloat16, "BF16 (2, 3)", 2, 3)]
    [InlineData(ScalarType.ComplexFloat32, "ComplexFloat32 (2, 3)", 2, 3)]
    public void Another_dtype_or_shape_is_refused_and_the_destination_kept(ScalarType type, string expected, params int[] shape)
    {
        using var scope = NewDisposeScope();
        Write(ones(2, 3));
        var destination = zeros([.. shape.Select(size => (long)size)], type);

        var exception = Assert.Throws<InvalidModelException>(() => Copy(destination));

        Assert.Equal($"{FilePath}: expected weight to be {expected}, but found F32 (2, 3)", exception.Message);
        Assert.Equal(0, destination.count_nonzero().item<long>());
    }

    [Fact]
    public void A_smaller_tensor_is_not_broadcast()
    {
        using var scope = NewDisposeScope();
        Write(ones(1, 3));
        Assert.Throws<InvalidModelException>(() => Copy(zeros(2, 3)));
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named()
    {
        using var scope = NewDisposeScope();
        Write(ones(1));
        using var reader = SafetensorsReader.Open(FilePath);

        foreach (var read in new Action[] { () => reader.ReadBytes("bias"), () => reader.ReadTensor("bias"), () => reader.CopyTo("bias", zeros(1)) })
        {
            var exception = Assert.Throws<InvalidModelException>(read);
            Assert.Equal($"{FilePath}: expected a tensor bias, but found none of that name among its 1", exception.Message);
        }
    }

    [Fact]
    public void A_tensor_larger_than_one_piece_of_memory_round_trips()
    {
        using var scope = NewDisposeScope();
        var large = arange(5_000_000, int64);
        Write(large);
        var destination = zeros(5_000_000, int64);

        Copy(destination);

        Assert.True(destination.bytes.SequenceEqual(large.bytes));
    }

    [Fact]
    public void Writing_reading_and_refusing_leave_no_tensor_behind()
    {
        using var weight = ones(3, 2);
        using var turned = weight.t();
        using var other = zeros(7);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
        {
            Write(turned);
            Copy(turned);
            Assert.Throws<InvalidModelException>(() => Copy(other));
            using var reader = SafetensorsReader.Open(FilePath);
            reader.ReadTensor("weight").Dispose();
            File.WriteAllText(FilePath, "");
            Assert.Throws<InvalidModelException>(() => reader.ReadTensor("weight"));
            Assert.Throws<InvalidModelException>(() => reader.CopyTo("weight", turned));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(Tensor tensor) => SafetensorsWriter.Write(FilePath, [new("weight", tensor)]);

    private void Copy(Tensor destination)
    {
        using var reader = SafetensorsReader.Open(FilePath);
        reader.CopyTo("weight", destination);
    }
}
