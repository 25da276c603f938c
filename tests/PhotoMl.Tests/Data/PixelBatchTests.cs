namespace PhotoMl.Tests.Data;

public sealed class PixelBatchTests
{
    [Fact]
    public void Network_input_goes_from_0_to_1_and_signed_images_from_minus_1_to_1()
    {
        using var pixels = tensor(new byte[] { 0, 51, 127, 128, 255 });
        using var input = PixelBatch.ToNetworkInput(pixels);
        using var signed = PixelBatch.ToSigned(pixels);
        using var expected = tensor([-1, -0.6f, -0.5f / 127.5f, 0.5f / 127.5f, 1]);

        Assert.Equal([0, 0.2f, 127 / 255f, 128 / 255f, 1], input.data<float>().ToArray());
        TensorAssert.Close(expected, signed, 0, 1e-6);
    }

    [Fact]
    public void Every_byte_survives_the_way_to_signed_images_and_back()
    {
        using var scope = NewDisposeScope();
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var again = PixelBatch.FromSigned(PixelBatch.ToSigned(tensor(bytes, [1, 1, 16, 16], ScalarType.Byte)));

        Assert.Equal([1, 1, 16, 16], again.shape);
        Assert.Equal(bytes, again.data<byte>().ToArray());
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
