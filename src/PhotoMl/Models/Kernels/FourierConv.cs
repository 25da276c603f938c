using static TorchSharp.torch;

namespace PhotoMl.Models.Kernels;

/// <summary>5 x 5 convolution with padding 2, and its transpose, by products of spectra, which takes a fraction of the arithmetic.</summary>
internal sealed class FourierConv : autograd.SingleTensorFunction<FourierConv>
{
    public override string Name => nameof(FourierConv);

    /// <summary>Convolves activations.</summary>
    /// <param name="activations">Activations, (N, C, H, W).</param>
    /// <param name="weight">Weights, (O, C, 5, 5).</param>
    /// <param name="stride">The stride, 1 or 2.</param>
    /// <returns>Activations, (N, O, ceil(H / stride), ceil(W / stride)), channels-last in memory where the kernel took them.</returns>
    public static Tensor Apply(Tensor activations, Tensor weight, int stride)
    {
        var (height, width) = (activations.shape[2], activations.shape[3]);
        var small = ((height + stride - 1) / stride, (width + stride - 1) / stride);
        return FourierLayer.Find(activations, weight, stride, small, (height, width)) is { } layer
            ? Apply(activations, weight, layer, toBig: false)
            : nn.functional.conv2d(activations, weight, null, [stride, stride], [2L, 2L]);
    }

    /// <summary>Convolves activations with the transpose of what <see cref="Apply(Tensor, Tensor, int)"/> does.</summary>
    /// <param name="activations">Activations, (N, C, H, W).</param>
    /// <param name="weight">Weights, (C, O, 5, 5).</param>
    /// <param name="stride">The stride, 1 or 2.</param>
    /// <param name="size">The height and width of the result, of which the stride makes H and W.</param>
    /// <returns>Activations, (N, O, height, width), channels-last in memory where the kernel took them.</returns>
    public static Tensor ApplyTransposed(Tensor activations, Tensor weight, int stride, (long Height, long Width) size)
    {
        var (height, width) = (activations.shape[2], activations.shape[3]);
        if (FourierLayer.Find(activations, weight, stride, (height, width), size) is { } layer)
        {
            return Apply(activations, weight, layer, toBig: true);
        }

        long[] padding = [size.Height - ((height - 1) * stride) - 1, size.Width - ((width - 1) * stride) - 1];
        return nn.functional.conv_transpose2d(activations, weight, null, [stride, stride], [2L, 2L], padding);
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

    private static Tensor Apply(Tensor activations, Tensor weight, FourierLayer layer, bool toBig)
    {
        if (is_grad_enabled() && (activations.requires_grad || weight.requires_grad))
        {
            return apply(activations, weight, layer, toBig);
        }

        using var scope = NewDisposeScope();
        return Multiply(layer, Expand(layer, activations, isBig: !toBig), layer.ExpandWeight(weight), toBig).MoveToOuterDisposeScope();
    }

    private static Tensor Expand(FourierLayer layer, Tensor images, bool isBig) => isBig ? layer.ExpandBig(images) : layer.ExpandSmall(images);

    private static Tensor Multiply(FourierLayer layer, Tensor planes, Tensor weightPlanes, bool toBig) =>
        toBig ? layer.CollapseBig(bmm(planes, weightPlanes)) : layer.CollapseSmall(bmm(planes, weightPlanes.transpose(1, 2)));
}
