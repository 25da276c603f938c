namespace PhotoMl.Tests.Kernels;

public sealed class LayerRoutesTests
{
    [Theory]
    [InlineData(3, 16, 18, true)]
    [InlineData(2, 9, 8, true)] // odd sizes, whose last window ends beyond the padding
    [InlineData(4, 7, 11, false)]
    public void The_first_convolution_of_photos_by_phases_is_that_of_torch_in_bfloat16(int channels, int height, int width, bool hasBias)
    {
        using var scope = NewDisposeScope();
        var layer = new LayerSpec(LayerKind.Conv, channels, 64, Kernel: 7, Stride: 2, Padding: 3);
        var x = TensorAssert.Normal(1, 3, channels, height, width).to(ScalarType.BFloat16);
        Tensor[] bias = hasBias ? [TensorAssert.Normal(3, layer.Outputs)] : [];
        Assert.Equal("phases", RouteOf(layer, x));
        KernelContract.Check(
            p => [layer.Apply(p[0], p[1], p.ElementAtOrDefault(2))],
            p => [nn.functional.conv2d(p[0], p[1], p.ElementAtOrDefault(2), [2, 2], [3, 3])],
            [x, TensorAssert.Normal(2, layer.WeightShape), .. bias],
            gradients: 2 + bias.Length,
            tolerance: 2.0 / 256,
            relative: 2.0 / 256,
            isTaken: false);
    }

    [Fact]
    public void One_channel_of_which_oneDNN_in_bfloat16_would_get_four_phases_is_convolved_in_float32()
    {
        using var scope = NewDisposeScope();
        var layer = new LayerSpec(LayerKind.Conv, 1, 64, Kernel: 7, Stride: 2, Padding: 3);

        Assert.Equal("f32 oneDNN", RouteOf(layer, zeros(2, 1, 16, 16).to(ScalarType.BFloat16)));
    }

    private static string RouteOf(LayerSpec layer, Tensor x) =>
        LayerRoute.Find(new LayerInput(layer, x, zeros(layer.WeightShape), null, layer.OutputSize(x))).Name;
}
