namespace PhotoMl.Tests.Data;

public sealed class PixelBatchTests
{
    [Fact]
    public void Network_input_goes_from_0_to_1()
    {
        using var pixels = tensor(new byte[] { 0, 51, 255 });
        using var images = PixelBatch.ToNetworkInput(pixels);

        Assert.Equal([0, 0.2f, 1], images.data<float>().ToArray());
    }

    [Fact]
    public void Signed_images_go_from_minus_1_to_1_with_two_levels_beside_the_middle()
    {
        using var pixels = tensor(new byte[] { 0, 127, 128, 255 });
        using var images = PixelBatch.ToSigned(pixels);
        var values = images.data<float>().ToArray();

        Assert.Equal(-1, values[0]);
        Assert.Equal(-0.5 / 127.5, values[1], 1e-6);
        Assert.Equal(0.5 / 127.5, values[2], 1e-6);
        Assert.Equal(1, values[3]);
    }

    [Fact]
    public void Every_byte_survives_the_way_to_signed_images_and_back()
    {
        using var scope = NewDisposeScope();
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var pixels = tensor(bytes, [1, 1, 16, 16], ScalarType.Byte);
        var again = PixelBatch.FromSigned(PixelBatch.ToSigned(pixels));

        Assert.Equal([1, 1, 16, 16], again.shape);
        Assert.Equal(ScalarType.Byte, again.dtype);
        Assert.Equal(bytes, again.bytes.ToArray());
    }

    [Theory]
    [InlineData(-1 + (0.49 / 127.5), 0)]
    [InlineData(-1 + (0.51 / 127.5), 1)]
    [InlineData(-1 + (100.49 / 127.5), 100)]
    [InlineData(-1 + (100.51 / 127.5), 101)]
    [InlineData(1 - (0.49 / 127.5), 255)]
    [InlineData(1 - (0.51 / 127.5), 254)]
    [InlineData(-1.1, 0)]
    [InlineData(1.1, 255)]
    [InlineData(-1e30, 0)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.PositiveInfinity, 255)]
    public void Signed_images_are_rounded_to_the_nearest_byte_and_never_wrap_around(double value, byte expected)
    {
        using var images = tensor(new[] { (float)value });
        using var pixels = PixelBatch.FromSigned(images);

        Assert.Equal(expected, pixels.bytes[0]);
    }

    [Fact]
    public void What_is_given_stays_as_it_is_and_no_tensor_is_left_behind()
    {
        using var pixels = tensor(new byte[] { 1, 2, 3 });
        using var images = tensor(new[] { -0.5f, 2 });
        TensorAssert.NoneIsLeftBehind(() =>
        {
            PixelBatch.ToNetworkInput(pixels).Dispose();
            PixelBatch.ToSigned(pixels).Dispose();
            PixelBatch.FromSigned(images).Dispose();
        });

        Assert.Equal([1, 2, 3], pixels.bytes.ToArray());
        Assert.Equal([-0.5f, 2], images.data<float>().ToArray());
    }
}
