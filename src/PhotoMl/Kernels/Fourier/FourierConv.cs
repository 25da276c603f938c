using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>5 x 5 convolution with padding 2, and its transpose, by products of spectra, which takes a fraction of the arithmetic.</summary>
internal sealed class FourierConv : autograd.SingleTensorFunction<FourierConv>
{
    public override string Name => nameof(FourierConv);

    /// <summary>Computes a layer.</summary>
    /// <param name="input">The layer, a convolution of stride 1 or 2 or its transpose, with activations of (N, C, H, W), float32.</param>
    /// <returns>Activations, (N, O, rows, columns), without the bias, channels-last in memory.</returns>
    public static Tensor Apply(LayerInput input)
    {
        var (activations, weight, layer, toBig) = (input.X, input.Weight, FourierLayer.Of(input), input.Layer.Kind == LayerKind.TransposedConv);
        if (is_grad_enabled() && (activations.requires_grad || weight.requires_grad))
        {
            return apply(activations, weight, layer, toBig);
        }

        using var scope = NewDisposeScope();
        return Multiply(layer, Expand(layer, activations, isBig: !toBig), layer.ExpandWeight(weight), toBig).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (activations, weight, layer, toBig) = ((Tensor)vars[0], (Tensor)vars[1], (FourierLayer)vars[2], (bool)vars[3]);
        var planes = Expand(layer, activations, isBig: !toBig);
        var weightPlanes = layer.ExpandWeight(weight);

        // The gradient of either needs the other.
        var (needsInput, needsWeight) = (activations.requires_grad, weight.requires_grad);
        ctx.save_for_backward(
        [
            .. needsWeight ? [planes.MoveToOuterDisposeScope()] : Array.Empty<Tensor>(),
            .. needsInput ? [weightPlanes.MoveToOuterDisposeScope()] : Array.Empty<Tensor>(),
        ]);
        ctx.save_data(nameof(FourierLayer), (layer, toBig, needsInput, needsWeight));
        return Multiply(layer, planes, weightPlanes, toBig).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (layer, toBig, needsInput, needsWeight) = ((FourierLayer, bool, bool, bool))ctx.get_data(nameof(FourierLayer));
        var gradient = Expand(layer, grad_output, isBig: toBig);
        var inputGradient = needsInput ? Multiply(layer, gradient, saved[^1], !toBig).MoveToOuterDisposeScope() : null!;
        var weightGradient = null as Tensor;
        if (needsWeight)
        {
            var (small, big) = toBig ? (saved[0], gradient) : (gradient, saved[0]);
            weightGradient = layer.CollapseWeight(bmm(small.transpose(1, 2), big)).MoveToOuterDisposeScope();
        }

        return [inputGradient, weightGradient!, null!, null!];
    }

    private static Tensor Expand(FourierLayer layer, Tensor images, bool isBig) => isBig ? layer.ExpandBig(images) : layer.ExpandSmall(images);

    private static Tensor Multiply(FourierLayer layer, Tensor planes, Tensor weightPlanes, bool toBig) =>
        toBig ? layer.CollapseBig(bmm(planes, weightPlanes)) : layer.CollapseSmall(bmm(planes, weightPlanes.transpose(1, 2)));
}
