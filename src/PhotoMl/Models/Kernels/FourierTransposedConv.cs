using static TorchSharp.torch;

namespace PhotoMl.Models.Kernels;

/// <summary>5 x 5 transposed convolution with padding 2 by products of spectra, with its gradients.</summary>
internal sealed class FourierTransposedConv : autograd.SingleTensorFunction<FourierTransposedConv>
{
    public override string Name => nameof(FourierTransposedConv);

    /// <summary>Convolves activations.</summary>
    /// <param name="activations">Activations, (N, C, H, W).</param>
    /// <param name="weight">Weights, (C, O, 5, 5).</param>
    /// <param name="stride">The stride, 1 or 2.</param>
    /// <param name="outputPadding">Added to the height and the width, (H-1) * stride + 1, of the result; less than the stride.</param>
    /// <returns>Activations, (N, O, (H-1) * stride + 1 + padding, (W-1) * stride + 1 + padding), channels-last in memory where the kernel was used.</returns>
    public static Tensor Apply(Tensor activations, Tensor weight, int stride, (int Height, int Width) outputPadding)
    {
        var (height, width) = (activations.shape[2], activations.shape[3]);
        var big = (((height - 1) * stride) + 1 + outputPadding.Height, ((width - 1) * stride) + 1 + outputPadding.Width);
        if (FourierProduct.Find(activations, weight, stride, (height, width), big) is not { } product)
        {
            return nn.functional.conv_transpose2d(
                activations, weight, null, [stride, stride], [2, 2], [outputPadding.Height, outputPadding.Width]);
        }

        if (is_grad_enabled() && (activations.requires_grad || weight.requires_grad))
        {
            return apply(activations, weight, product);
        }

        using var scope = NewDisposeScope();
        return product.CollapseBig(bmm(product.ExpandSmall(activations), product.ExpandWeight(weight))).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (activations, weight, product) = ((Tensor)vars[0], (Tensor)vars[1], (FourierProduct)vars[2]);
        var planes = product.ExpandSmall(activations);
        var weightPlanes = product.ExpandWeight(weight);
        var output = product.CollapseBig(bmm(planes, weightPlanes));

        // Each gradient needs the other factor.
        var (needsInput, needsWeight) = (activations.requires_grad, weight.requires_grad);
        var saved = new List<Tensor>();
        if (needsWeight)
        {
            saved.Add(planes.MoveToOuterDisposeScope());
        }

        if (needsInput)
        {
            saved.Add(weightPlanes.MoveToOuterDisposeScope());
        }

        ctx.save_for_backward(saved);
        ctx.save_data(nameof(FourierProduct), (product, needsInput, needsWeight));
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (product, needsInput, needsWeight) = ((FourierProduct, bool, bool))ctx.get_data(nameof(FourierProduct));
        var gradient = product.ExpandBig(grad_output);
        var input = needsInput ? product.CollapseSmall(bmm(gradient, saved[^1].transpose(1, 2))).MoveToOuterDisposeScope() : null!;
        var weight = needsWeight ? product.CollapseWeight(bmm(saved[0].transpose(1, 2), gradient)).MoveToOuterDisposeScope() : null!;
        return [input, weight, null!];
    }
}
