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

    [Fact]
    public void Signed_images_are_rounded_to_the_nearest_byte_and_never_wrap_around()
    {
        double[] pixels = [0.49, 0.51, 100.49, 100.51, 254.49, 254.51];
        var values = pixels.Select(pixel => (float)(-1 + (pixel / 127.5)));
        using var images = tensor([.. values, -1.1f, 1.1f, -1e30f, float.NegativeInfinity, float.PositiveInfinity]);
        using var rounded = PixelBatch.FromSigned(images);

        Assert.Equal([0, 1, 100, 101, 254, 255, 0, 255, 0, 0, 255], rounded.bytes.ToArray());
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
