namespace PhotoMl.Tests.Kernels;

public sealed class PatchConvTests
{
    private const double Rounding = 1e-5;

    // Of images to few channels and back: height, width and channels of the images, channels of the other side.
    public static TheoryData<int, int, int, int, int, bool> Cases => new()
    {
        { 7, 28, 28, 1, 64, true },
        { 2, 64, 63, 3, 16, true },
        { 5, 9, 8, 4, 32, true },
        { 1, 13, 27, 2, 48, true },
        { 3, 1, 2, 1, 16, true },
        { 1, 8, 65, 1, 16, true },
        { 2, 8, 9, 5, 16, false }, // more channels than the route takes
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Convolutions_of_few_channels_are_those_of_torch(int batch, int height, int width, int channels, int others, bool isTaken)
    {
        var conv = new LayerSpec(LayerKind.Conv, channels, others, 5, 2, 2);
        var transposed = new LayerSpec(LayerKind.TransposedConv, others, channels, 5, 2, 2);
        var route = isTaken ? "patches" : null;
        foreach (var hasBias in new[] { true, false })
        {
            KernelContract.CheckLayer(conv, route, batch, height, width, hasBias, Rounding);
            KernelContract.CheckLayer(transposed, route, batch, (height + 1) / 2, (width + 1) / 2, hasBias, Rounding, (height, width));
        }
    }

    [Theory]
    [InlineData(3, 64, 64, 5, 5, 1, 0)]
    [InlineData(2, 64, 16, 3, 4, 1, 0)]
    [InlineData(2, 32, 64, 8, 8, 2, 1)] // as in ResNet-18
    [InlineData(3, 16, 32, 7, 5, 2, 1)]
    public void In_bfloat16_products_are_rounded_and_sums_are_not(
        int batch, int inputs, int outputs, int height, int width, int stride, int padding)
    {
        using var scope = NewDisposeScope();
        var layer = new LayerSpec(LayerKind.Conv, inputs, outputs, Kernel: 3, stride, padding);
        Tensor[] tensors =
        [
            .. new[] { [batch, inputs, height, width], layer.WeightShape, [outputs] }
                .Select((shape, i) => TensorAssert.Normal(i + 1, shape).to(ScalarType.BFloat16)),
        ];
        KernelContract.Check(
            p => [PatchConv.Apply(new LayerInput(layer, p[0], p[1], p[2], layer.OutputSize(p[0])))],
            p => [nn.functional.conv2d(p[0], p[1], p[2], [stride, stride], [padding, padding])],
            [tensors[0], tensors[1].to(ScalarType.Float32), tensors[2].to(ScalarType.Float32)],
            gradients: 3,
            tolerance: 1.0 / 256);
    }

    [Theory]
    [InlineData(false, float.NaN)]
    [InlineData(false, float.PositiveInfinity)]
    [InlineData(true, float.NaN)]
    [InlineData(true, float.PositiveInfinity)]
    public void A_pixel_that_is_no_number_shows_where_it_does_in_torch(bool isTransposed, float pixel)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var layer = isTransposed ? new LayerSpec(LayerKind.TransposedConv, 16, 2, 5, 2, 2) : new LayerSpec(LayerKind.Conv, 2, 16, 5, 2, 2);
        var x = TensorAssert.Normal(1, 2, layer.Inputs, 12, 12);
        var (weight, bias) = (TensorAssert.Normal(2, layer.WeightShape), TensorAssert.Normal(3, layer.Outputs));
        x[1, 0, 5, 6] = pixel;
        var exact = layer.Apply(x.to(ScalarType.Float64), weight.to(ScalarType.Float64), bias.to(ScalarType.Float64));

        TensorAssert.Close(exact, layer.Apply(x, weight, bias), 0, Rounding);
    }

    [Theory]
    [InlineData(25, 28)]
    [InlineData(29, 28)]
    public void A_size_that_no_padding_gives_is_not_taken(int height, int width)
    {
        using var scope = NewDisposeScope();
        var layer = new LayerSpec(LayerKind.TransposedConv, 32, 1, 5, 2, 2);

        Assert.False(PatchConv.Suits(new LayerInput(layer, zeros(2, 32, 14, 14), zeros(layer.WeightShape), null, (height, width))));
    }
}
