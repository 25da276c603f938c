namespace PhotoMl.Kernels;

/// <summary>5 x 5 convolution with padding 2, and its transpose, by products of spectra: a fraction of the arithmetic.</summary>
/// <remarks>In bfloat16 the spectra are rounded to it. A Fourier transform keeps the size of an error, so that costs no more than rounding
/// activations and weights.</remarks>
internal sealed class FourierConv : KernelFunction<FourierConv>
{
    public static Tensor Apply(LayerInput input) => Call(
        input.X.to(ScalarType.Float32), input.Weight,
        new Settings(
            FourierLayer.Of(input), input.Layer.Kind == LayerKind.TransposedConv, input.Dtype, NeedsGrad.Of(input.X, input.Weight)))
        .to(input.X.dtype);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var settings = (Settings)vars[2];
        var (layer, toBig, dtype, needs) = settings;
        var planes = layer.Images(isBig: !toBig).ToPlanes((Tensor)vars[0], dtype);
        var weightPlanes = PreparedWeights.Get((Tensor)vars[1], (layer, dtype), () => layer.Weight.ToPlanes((Tensor)vars[1], dtype));

        // The gradient of either needs the other.
        Save(ctx, settings, [.. needs.Weight ? [planes] : Array.Empty<Tensor>(), .. needs.Input ? [weightPlanes] : Array.Empty<Tensor>()]);
        return Multiply(layer, planes, weightPlanes, toBig);
    }

    protected override Tensor?[] Gradients(List<Tensor> saved, object settings, Tensor gradient)
    {
        var (layer, toBig, dtype, needs) = (Settings)settings;
        var planes = layer.Images(isBig: toBig).ToPlanes(gradient, dtype);
        var input = needs.Input ? Multiply(layer, planes, saved[^1], !toBig) : null;
        var (small, big) = toBig ? (saved[0], planes) : (planes, saved[0]);
        return [input, needs.Weight ? layer.Weight.ToImages(bmm(small.transpose(1, 2), big)).contiguous() : null, null];
    }

    private static Tensor Multiply(FourierLayer layer, Tensor planes, Tensor weightPlanes, bool toBig) =>
        layer.Images(toBig).ToImages(bmm(planes, toBig ? weightPlanes : weightPlanes.transpose(1, 2)));

    private sealed record Settings(FourierLayer Layer, bool ToBig, ScalarType Dtype, NeedsGrad NeedsGrad);
}
