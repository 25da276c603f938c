using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>5 x 5 convolution with padding 2, and its transpose, by products of spectra, which takes a fraction of the arithmetic.</summary>
internal sealed class FourierConv : autograd.SingleTensorFunction<FourierConv>
{
    public override string Name => nameof(FourierConv);

    public static Tensor Apply(LayerInput input)
    {
        using var scope = NewDisposeScope();
        var (x, weight, needs) = (input.X, input.Weight, NeedsGrad.Of(input.X, input.Weight));
        var (layer, toBig) = (FourierLayer.Of(input), input.Layer.Kind == LayerKind.TransposedConv);
        var output = needs.Any
            ? apply(x, weight, layer, toBig, needs)
            : Multiply(layer, ToPlanes(layer, x, isBig: !toBig), layer.WeightToPlanes(weight), toBig);
        return output.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (layer, toBig, needs) = ((FourierLayer)vars[2], (bool)vars[3], (NeedsGrad)vars[4]);
        var planes = ToPlanes(layer, (Tensor)vars[0], isBig: !toBig);
        var weightPlanes = layer.WeightToPlanes((Tensor)vars[1]);

        // The gradient of either needs the other.
        ctx.save_for_backward(
        [
            .. needs.Weight ? [planes.MoveToOuterDisposeScope()] : Array.Empty<Tensor>(),
            .. needs.Input ? [weightPlanes.MoveToOuterDisposeScope()] : Array.Empty<Tensor>(),
        ]);
        ctx.save_data(nameof(FourierLayer), (layer, toBig, needs));
        return Multiply(layer, planes, weightPlanes, toBig).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (layer, toBig, needs) = ((FourierLayer, bool, NeedsGrad))ctx.get_data(nameof(FourierLayer));
        var gradient = ToPlanes(layer, grad_output, isBig: toBig);
        var inputGradient = needs.Input ? Multiply(layer, gradient, saved[^1], !toBig).MoveToOuterDisposeScope() : null!;
        Tensor? weightGradient = null;
        if (needs.Weight)
        {
            var (small, big) = toBig ? (saved[0], gradient) : (gradient, saved[0]);
            weightGradient = layer.WeightFromPlanes(bmm(small.transpose(1, 2), big)).MoveToOuterDisposeScope();
        }

        return [inputGradient, weightGradient!, null!, null!, null!];
    }

    private static Tensor ToPlanes(FourierLayer layer, Tensor images, bool isBig) =>
        isBig ? layer.BigToPlanes(images) : layer.SmallToPlanes(images);

    private static Tensor Multiply(FourierLayer layer, Tensor planes, Tensor weightPlanes, bool toBig) => toBig
        ? layer.BigFromPlanes(bmm(planes, weightPlanes))
        : layer.SmallFromPlanes(bmm(planes, weightPlanes.transpose(1, 2)));
}
