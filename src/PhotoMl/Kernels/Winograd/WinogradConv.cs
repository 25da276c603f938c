using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution of stride 1 and padding 1 by minimal filtering, which takes a third or a quarter of the products.</summary>
/// <remarks>
/// S. Winograd, "Arithmetic Complexity of Computations", 1980; A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks",
/// CVPR 2016, section 4. A tile of 4 x 4 results takes 36 products of channels where the sum has 144, one of 3 x 3 takes 25 for 81.
/// The gradients are by the adjoints of the same transforms, and so as cheap. Rounding errors are larger than those of a plain sum.
/// The batch goes through in chunks whose planes stay in the cache.
/// </remarks>
internal sealed class WinogradConv : autograd.SingleTensorFunction<WinogradConv>
{
    public override string Name => nameof(WinogradConv);

    public static Tensor Apply(Tensor activations, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var layer = WinogradLayer.Of(activations, weight);
        var needs = NeedsGrad.Of(activations, weight);
        if (needs.Any)
        {
            return apply(activations, weight, layer, needs).MoveToOuterDisposeScope();
        }

        return Convolve(layer, KernelMemory.ToChannelsLast(activations), layer.TransformWeight(weight)).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (activations, weight, layer) = ((Tensor)vars[0], (Tensor)vars[1], (WinogradLayer)vars[2]);
        var input = KernelMemory.ToChannelsLast(activations); // (N, H, W, C)
        var weights = layer.TransformWeight(weight); // (planes, O, C)
        var output = Convolve(layer, input, weights);
        ctx.save_for_backward([input.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope()]);
        ctx.save_data(nameof(WinogradLayer), (layer, (NeedsGrad)vars[3]));
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (input, weights) = (saved[0], saved[1]);
        var (layer, needs) = ((WinogradLayer, NeedsGrad))ctx.get_data(nameof(WinogradLayer));
        var gradient = KernelMemory.ToChannelsLast(grad_output); // (N, H, W, O)
        var inputGradient = needs.Input ? empty_like(input) : null;
        var weightGradient = needs.Weight ? zeros_like(weights) : null;
        ForEachChunk(layer, input.shape[0], (first, count) =>
        {
            var planes = layer.TransformOutputAdjoint(gradient.narrow(0, first, count)); // (planes, tiles, O)
            if (inputGradient is not null)
            {
                layer.TransformInputAdjoint(bmm(planes, weights), inputGradient.narrow(0, first, count));
            }

            weightGradient?.add_(bmm(planes.transpose(1, 2), layer.TransformInput(input.narrow(0, first, count))));
        });
        return
        [
            inputGradient is null ? null! : KernelMemory.FromChannelsLast(inputGradient).MoveToOuterDisposeScope(),
            weightGradient is null ? null! : layer.TransformWeightAdjoint(weightGradient).MoveToOuterDisposeScope(),
            null!,
            null!,
        ];
    }

    private static Tensor Convolve(WinogradLayer layer, Tensor input, Tensor weights)
    {
        var output = empty([input.shape[0], input.shape[1], input.shape[2], weights.shape[1]]);
        var transposed = weights.transpose(1, 2); // (planes, C, O)
        ForEachChunk(layer, input.shape[0], (first, count) =>
            layer.TransformOutput(bmm(layer.TransformInput(input.narrow(0, first, count)), transposed), output.narrow(0, first, count)));
        return KernelMemory.FromChannelsLast(output);
    }

    private static void ForEachChunk(WinogradLayer layer, long images, Action<long, long> work)
    {
        for (var first = 0L; first < images; first += layer.ChunkImages)
        {
            using var scope = NewDisposeScope();
            work(first, Math.Min(layer.ChunkImages, images - first));
        }
    }
}
