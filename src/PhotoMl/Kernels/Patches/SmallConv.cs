using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>5 x 5 convolution with stride 2 and padding 2 of images of few channels, as a matrix product with its gradient.</summary>
/// <remarks>The bias is one more weight, of the one that every row of patches holds, so that its gradient comes with the weights'.</remarks>
internal sealed class SmallConv : autograd.SingleTensorFunction<SmallConv>
{
    public override string Name => nameof(SmallConv);

    /// <summary>Convolves images.</summary>
    /// <param name="images">Images, (N, C, H, W), float32.</param>
    /// <param name="weight">Weights, (O, C, 5, 5), float32.</param>
    /// <param name="bias">Bias, (O), float32, or null.</param>
    /// <returns>Activations, (N, O, ceil(H/2), ceil(W/2)), float32, channels-last in memory.</returns>
    public static Tensor Apply(Tensor images, Tensor weight, Tensor? bias)
    {
        if (is_grad_enabled() && (images.requires_grad || weight.requires_grad || bias is { requires_grad: true }))
        {
            return apply(images, weight, bias!);
        }

        using var scope = NewDisposeScope();
        return Convolve(StridedPatches.Gather(images.contiguous()), StridedPatches.PackWeights(weight, bias), images).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (images, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2]);
        var wanted = new Wanted(images.requires_grad, weight.requires_grad, bias is { requires_grad: true });
        var packed = StridedPatches.PackWeights(weight, bias); // (O, C * 32)
        var rows = StridedPatches.Gather(images.contiguous()); // (N * ceil(H/2) * ceil(W/2), C * 32)
        var output = Convolve(rows, packed, images);

        packed.MoveToOuterDisposeScope();
        ctx.save_for_backward(wanted.Weight || wanted.Bias ? [packed, rows.MoveToOuterDisposeScope()] : [packed]);
        ctx.save_data(nameof(PatchGrid), StridedPatches.Grid(images));
        ctx.save_data(nameof(Wanted), wanted);
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var wanted = (Wanted)ctx.get_data(nameof(Wanted));
        var gradient = KernelMemory.ToChannelsLast(grad_output).reshape(-1, grad_output.shape[1]); // (N * ceil(H/2) * ceil(W/2), O)
        var sums = wanted.Weight || wanted.Bias ? StridedPatches.ProductOverRows(gradient, saved[1]) : null; // (O, C * 32)
        var imageGradient = wanted.Images
            ? StridedPatches.AddUp(gradient.matmul(saved[0]), bias: null, (PatchGrid)ctx.get_data(nameof(PatchGrid)))
            : null;
        return
        [
            imageGradient?.MoveToOuterDisposeScope()!,
            wanted.Weight ? StridedPatches.UnpackWeights(sums!).MoveToOuterDisposeScope() : null!,
            wanted.Bias ? StridedPatches.UnpackBias(sums!).MoveToOuterDisposeScope() : null!,
        ];
    }

    private static Tensor Convolve(Tensor rows, Tensor packed, Tensor images)
    {
        var grid = StridedPatches.Grid(images);
        using var product = rows.matmul(packed.t());
        using var output = product.reshape(images.shape[0], grid.Rows, grid.Columns, packed.shape[0]);
        return KernelMemory.FromChannelsLast(output);
    }

    private sealed record Wanted(bool Images, bool Weight, bool Bias);
}
