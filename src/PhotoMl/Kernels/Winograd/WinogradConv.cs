namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution of stride 1 and padding 1 by minimal filtering, which takes a quarter to a half of the products.</summary>
/// <remarks>
/// S. Winograd, "Arithmetic Complexity of Computations", 1980; A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks",
/// CVPR 2016, section 4. A tile of 4 x 4 results takes 36 products of channels where the sum has 144, one of 3 x 3 takes 25 for 81, one
/// of 2 x 2 takes 16 for 36.
/// The gradients are by the adjoints of the same transforms, and so as cheap. Rounding errors are larger than those of a plain sum.
/// The batch goes through in chunks whose planes stay in the cache.
/// </remarks>
internal sealed class WinogradConv : KernelFunction<WinogradConv, WinogradLayer>
{
    public static Tensor Apply(Tensor activations, Tensor weight) =>
        Call(WinogradLayer.Of(activations, weight), activations, weight);

    protected override (Tensor Result, Tensor[] Saved) Forward(WinogradLayer layer, Tensor?[] inputs, bool[] needsGrad)
    {
        var input = KernelMemory.ToChannelsLast(inputs[0]!); // (N, H, W, C)
        var weights = PreparedWeights.Get(inputs[1]!, layer.Tile, () => layer.TransformWeight(inputs[1]!)); // (planes, O, C)
        var output = empty([input.shape[0], input.shape[1], input.shape[2], weights.shape[1]], layer.Dtype);
        var transposed = weights.transpose(1, 2); // (planes, C, O)
        ForEachChunk(layer, input.shape[0], (first, count) =>
            layer.TransformOutput(bmm(layer.TransformInput(input.narrow(0, first, count)), transposed), output.narrow(0, first, count)));
        return (KernelMemory.FromChannelsLast(output), [input, weights]);
    }

    protected override Tensor?[] Gradients(WinogradLayer layer, List<Tensor> saved, Tensor gradient, bool[] needsGrad)
    {
        var (input, weights) = (saved[0], saved[1]);
        gradient = KernelMemory.ToChannelsLast(gradient); // (N, H, W, O)
        var inputGradient = needsGrad[0] ? empty_like(input) : null;
        Tensor? weightGradient = null; // of bfloat16 products the sum in float32
        ForEachChunk(layer, input.shape[0], (first, count) =>
        {
            var planes = layer.TransformOutputAdjoint(gradient.narrow(0, first, count)); // (planes, tiles, O)
            if (inputGradient is not null)
            {
                layer.TransformInputAdjoint(bmm(planes, weights), inputGradient.narrow(0, first, count));
            }

            if (needsGrad[1])
            {
                var product = bmm(planes.transpose(1, 2), layer.TransformInput(input.narrow(0, first, count)));
                weightGradient = weightGradient?.add_(product) ?? product.to(ScalarType.Float32).MoveToOuterDisposeScope();
            }
        });
        return
        [
            inputGradient is null ? null : KernelMemory.FromChannelsLast(inputGradient),
            weightGradient is null ? null : layer.TransformWeightAdjoint(weightGradient),
        ];
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
