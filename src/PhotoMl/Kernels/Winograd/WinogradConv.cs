namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution of stride 1 by minimal filtering, which takes a fifth to a half of the products.</summary>
/// <remarks>
/// S. Winograd, "Arithmetic Complexity of Computations", 1980; A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks",
/// CVPR 2016, section 4. A tile of 5 x 5 results takes 49 products of channels where the sum has 225, one of 4 x 4 takes 36 for 144, one of
/// 3 x 3 takes 25 for 81, one of 2 x 2 takes 16 for 36.
/// The gradients are by the adjoints of the same transforms, and so as cheap. Rounding errors are larger than those of a plain sum.
/// The batch goes through in chunks (<see cref="WinogradLayer.ForEachChunk"/>).
/// </remarks>
internal sealed class WinogradConv : KernelFunction<WinogradConv, WinogradLayer>
{
    public static Tensor Apply(LayerInput input, ScalarType dtypeOfPlanes) =>
        Call(new WinogradLayer(input, dtypeOfPlanes), input.X, input.Weight, input.Bias);

    protected override (Tensor Result, Tensor[] Saved) Forward(WinogradLayer layer, Tensor?[] inputs, bool[] needsGrad)
    {
        var (input, weight, bias) = (KernelMemory.ToChannelsLast(inputs[0]!), inputs[1]!, inputs[2]?.detach()); // (N, H, W, C)
        var ofGradient = needsGrad[0]
            ? PreparedWeights.Get(weight, (layer.Tile, "gradient"), () => layer.TransformWeight(weight)) // (planes, O, C)
            : null;
        var weights = PreparedWeights.Get(
            weight, layer.Tile, () => layer.TransposePlanes(ofGradient ?? layer.TransformWeight(weight))); // (planes, C, O)
        var output = empty([input.shape[0], layer.Size.Height, layer.Size.Width, weight.shape[0]], layer.Dtype);
        layer.ForEachChunk(input.shape[0], (_, first, count) =>
        {
            var planes = bmm(layer.TransformInput(input.narrow(0, first, count)), weights); // (planes, tiles, O)
            if (bias is not null)
            {
                planes[layer.PlaneOfSums].add_(bias, KeptScalars.One);
            }

            layer.TransformOutput(planes, output.narrow(0, first, count));
        });
        return (KernelMemory.FromChannelsLast(output), ofGradient is null ? [input] : [input, ofGradient]);
    }

    protected override Tensor?[] Gradients(WinogradLayer layer, List<Tensor> saved, Tensor gradient, bool[] needsGrad)
    {
        var input = saved[0];
        gradient = KernelMemory.ToChannelsLast(gradient); // (N, H, W, O)
        var inputGradient = needsGrad[0] ? empty_like(input) : null;
        using PartialSums ofWeights = new(), ofBias = new();
        layer.ForEachChunk(input.shape[0], (part, first, count) =>
        {
            var planes = layer.TransformOutputAdjoint(gradient.narrow(0, first, count)); // (planes, tiles, O)
            if (inputGradient is not null)
            {
                using var ofInput = bmm(planes, saved[1]); // (planes, tiles, C), whose memory the planes of inputs take next
                layer.TransformInputAdjoint(ofInput, inputGradient.narrow(0, first, count));
            }

            if (needsGrad[1])
            {
                ofWeights.Add(part, bmm(planes.transpose(1, 2), layer.TransformInput(input.narrow(0, first, count))));
            }

            if (needsGrad[2])
            {
                ofBias.Add(part, planes[layer.PlaneOfSums].sum([0L], type: ScalarType.Float32));
            }
        });
        return
        [
            inputGradient is null ? null : KernelMemory.FromChannelsLast(inputGradient),
            needsGrad[1] ? layer.TransformWeightAdjoint(ofWeights.Total()) : null,
            needsGrad[2] ? ofBias.Total() : null,
        ];
    }

    // The sums of the chunks of each part, in float32, which belong to no thread's scope.
    private sealed class PartialSums : IDisposable
    {
        private readonly Tensor?[] _sums = new Tensor?[ParallelRanges.Parts];

        public void Add(int part, Tensor term)
        {
            if (_sums[part] is { } sum)
            {
                sum.add_(term, KeptScalars.One);
            }
            else
            {
                _sums[part] = term.to(ScalarType.Float32).DetachFromDisposeScope();
            }
        }

        public Tensor Total() => _sums.OfType<Tensor>().Aggregate((total, sum) => total.add_(sum, KeptScalars.One)).alias();

        public void Dispose() => Array.ForEach(_sums, sum => sum?.Dispose());
    }
}
