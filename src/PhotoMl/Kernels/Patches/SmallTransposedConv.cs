using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>5 x 5 transposed convolution with stride 2 and padding 2 to images of few channels, as a matrix product with its gradient.</summary>
internal sealed class SmallTransposedConv : autograd.SingleTensorFunction<SmallTransposedConv>
{
    public override string Name => nameof(SmallTransposedConv);

    /// <summary>Turns activations into images.</summary>
    /// <param name="activations">Activations, (N, C, h, w), float32.</param>
    /// <param name="weight">Weights, (C, O, 5, 5), float32.</param>
    /// <param name="bias">Bias, (O), float32, or null.</param>
    /// <param name="outputHeight">The height H of the images, 2 h - 1 or 2 h.</param>
    /// <param name="outputWidth">The width W of the images, 2 w - 1 or 2 w.</param>
    /// <returns>Images, (N, O, H, W), float32, contiguous.</returns>
    public static Tensor Apply(Tensor activations, Tensor weight, Tensor? bias, long outputHeight, long outputWidth)
    {
        CheckSize(activations.shape[2], outputHeight);
        CheckSize(activations.shape[3], outputWidth);
        var grid = new PatchGrid((int)outputHeight, (int)outputWidth, (int)weight.shape[1]);
        if (is_grad_enabled() && (activations.requires_grad || weight.requires_grad || bias is { requires_grad: true }))
        {
            return apply(activations, weight, bias!, grid);
        }

        using var scope = NewDisposeScope();
        var rows = Flatten(activations).matmul(StridedPatches.PackWeights(weight, bias: null));
        return StridedPatches.AddUp(rows, bias, grid).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (activations, weight, bias, grid) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2], (PatchGrid)vars[3]);
        var wanted = new Wanted(activations.requires_grad, weight.requires_grad, bias is { requires_grad: true });
        var packed = StridedPatches.PackWeights(weight, bias: null); // (C, O * 32)
        var input = Flatten(activations); // (N * h * w, C)
        var output = StridedPatches.AddUp(input.matmul(packed), bias, grid);

        packed.MoveToOuterDisposeScope();
        ctx.save_for_backward(wanted.Weight ? [packed, input.MoveToOuterDisposeScope()] : [packed]);
        ctx.save_data(nameof(PatchGrid), grid);
        ctx.save_data(nameof(Wanted), wanted);
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var wanted = (Wanted)ctx.get_data(nameof(Wanted));
        var grid = (PatchGrid)ctx.get_data(nameof(PatchGrid));
        var rows = wanted.Activations || wanted.Weight ? StridedPatches.Gather(grad_output.contiguous()) : null; // (N * h * w, O * 32)
        var inputGradient = wanted.Activations
            ? rows!.matmul(saved[0].t()).reshape(grad_output.shape[0], grid.Rows, grid.Columns, saved[0].shape[0])
            : null;
        return
        [
            inputGradient is null ? null! : KernelMemory.FromChannelsLast(inputGradient).MoveToOuterDisposeScope(),
            wanted.Weight ? StridedPatches.UnpackWeights(StridedPatches.ProductOverRows(saved[1], rows!)).MoveToOuterDisposeScope() : null!,
            wanted.Bias ? grad_output.sum([0L, 2, 3]).MoveToOuterDisposeScope() : null!,
            null!,
        ];
    }

    private static Tensor Flatten(Tensor activations)
    {
        using var pixels = KernelMemory.ToChannelsLast(activations.detach());
        return pixels.reshape(-1, activations.shape[1]);
    }

    private static void CheckSize(long size, long outputSize)
    {
        if (outputSize != 2 * size && outputSize != (2 * size) - 1)
        {
            throw new ArgumentException($"A transposed convolution makes {2 * size - 1} or {2 * size} pixels of {size}, but {outputSize} were asked for.", nameof(outputSize));
        }
    }

    private sealed record Wanted(bool Activations, bool Weight, bool Bias);
}
