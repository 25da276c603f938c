namespace PhotoMl.Kernels;

/// <summary>5 x 5 convolution with padding 2, and its transpose, by products of spectra: a fraction of the arithmetic.</summary>
/// <remarks>In bfloat16 the spectra are rounded to it. A Fourier transform keeps the size of an error, so that costs no more than rounding
/// activations and weights.</remarks>
internal sealed class FourierConv : KernelFunction<FourierConv, FourierConv.Settings>
{
    public static Tensor Apply(LayerInput input) => Call(
        new Settings(FourierLayer.Of(input), input.Layer.Kind == LayerKind.TransposedConv, input.Dtype),
        input.X.to(ScalarType.Float32), input.Weight).to(input.X.dtype);

    protected override (Tensor Result, Tensor[] Saved) Forward(Settings settings, Tensor?[] inputs, bool[] needsGrad)
    {
        var (layer, toBig, dtype) = settings;
        var planes = layer.Images(isBig: !toBig).ToPlanes(inputs[0]!, dtype);
        var weightPlanes = PreparedWeights.Get(inputs[1]!, (layer, dtype), () => layer.Weight.ToPlanes(inputs[1]!, dtype));

        // The gradient of either needs the other.
        return (
            Multiply(layer, planes, weightPlanes, toBig),
            [.. needsGrad[1] ? [planes] : Array.Empty<Tensor>(), .. needsGrad[0] ? [weightPlanes] : Array.Empty<Tensor>()]);
    }

    protected override Tensor?[] Gradients(Settings settings, List<Tensor> saved, Tensor gradient, bool[] needsGrad)
    {
        var (layer, toBig, dtype) = settings;
        var planes = layer.Images(isBig: toBig).ToPlanes(gradient, dtype);
        var input = needsGrad[0] ? Multiply(layer, planes, saved[^1], !toBig) : null;
        var (small, big) = toBig ? (saved[0], planes) : (planes, saved[0]);
        return [input, needsGrad[1] ? layer.Weight.ToImages(bmm(small.transpose(1, 2), big)).contiguous() : null];
    }

    private static Tensor Multiply(FourierLayer layer, Tensor planes, Tensor weightPlanes, bool toBig) =>
        layer.Images(toBig).ToImages(bmm(planes, toBig ? weightPlanes : weightPlanes.transpose(1, 2)));

    internal sealed record Settings(FourierLayer Layer, bool ToBig, ScalarType Dtype);
}
