namespace PhotoMl.Kernels;

/// <summary>A convolution, or a transposed one, as one matrix product of patches and weights.</summary>
/// <remarks>
/// A convolution maps images with patches to images with a pixel for each patch, and its transpose maps them back:
/// pixels = patches * weights' and patches = pixels * weights, with weights of (pixel channels, kernel * kernel * image channels).
/// Each is the gradient of the other.
/// </remarks>
internal sealed class PatchConv : KernelFunction<PatchConv, PatchConv.Settings>
{
    // Patches of so many elements at a time stay in the processor's cache between the copy and the product.
    private const long ChunkElements = 6 << 20;

    // A product with so few results for each row that it sums over is computed faster in groups of rows.
    private const long FewResultsPerRow = 32;
    private const int Groups = 8;

    public static bool Suits(LayerInput input)
    {
        var grid = PatchGrid.Of(input);
        var size = input.Layer.Kind == LayerKind.TransposedConv ? (input.X.shape[2], input.X.shape[3]) : input.Size;
        return KernelMemory.IsSupported(input.X, input.X.dtype == ScalarType.BFloat16 ? grid.Channels : 0)
            && input.Weight.device_type == TorchSharp.DeviceType.CPU
            && size == (grid.Rows, grid.Columns)
            && input.X.shape[0] * grid.Rows * grid.Columns > 0;
    }

    public static Tensor Apply(LayerInput input) => Call(
        new Settings(PatchGrid.Of(input), input.Layer.Kind == LayerKind.TransposedConv), input.X, input.Weight, input.Bias);

    protected override (Tensor Result, Tensor[] Saved) Forward(Settings settings, Tensor?[] inputs, bool[] needsGrad)
    {
        var (activations, weight) = (inputs[0]!, inputs[1]!);
        var dtype = activations.dtype;
        var weights = PreparedWeights.Get(
            weight, (nameof(PatchConv), dtype), () => weight.permute(0, 2, 3, 1).flatten(1).to(dtype)); // (pixel channels, K * K * C)
        var input = KernelMemory.ToChannelsLast(activations);
        var bias = inputs[2]?.to(dtype);
        var output = settings.IsTransposed ? ToImages(settings.Grid, input, weights) : ToPixels(settings.Grid, input, weights, bias);
        output = bias is null || !settings.IsTransposed ? output : output.add_(bias);
        return (KernelMemory.FromChannelsLast(output), [weights, input]);
    }

    protected override Tensor?[] Gradients(Settings settings, List<Tensor> saved, Tensor gradient, bool[] needsGrad)
    {
        var (grid, isTransposed) = settings;
        var (weights, input, given) = (saved[0], saved[1], KernelMemory.ToChannelsLast(gradient));
        var inputGradient = !needsGrad[0] ? null : isTransposed ? ToPixels(grid, given, weights) : ToImages(grid, given, weights);
        var (images, pixels) = isTransposed ? (given, input) : (input, given);
        var weightGradient = needsGrad[1]
            ? WeightGradient(grid, images, pixels).view(-1, grid.Kernel, grid.Kernel, grid.Channels).permute(0, 3, 1, 2).contiguous()
            : null;
        var biasGradient = needsGrad[2] ? given.sum([0L, 1, 2], type: ScalarType.Float32) : null;
        return [inputGradient is null ? null : KernelMemory.FromChannelsLast(inputGradient), weightGradient, biasGradient];
    }

    // The pixels (N, rows, columns, pixel channels) of images (N, H, W, C).
    private static Tensor ToPixels(PatchGrid grid, Tensor images, Tensor weights, Tensor? bias = null) => Join(
        Chunks(grid, images),
        chunk => nn.functional.linear(grid.Gather(chunk), weights, bias).view(-1, grid.Rows, grid.Columns, weights.shape[0]));

    // The images (N, H, W, C) of pixels (N, rows, columns, pixel channels).
    private static Tensor ToImages(PatchGrid grid, Tensor pixels, Tensor weights) =>
        Join(Chunks(grid, pixels), chunk => grid.AddUp(chunk.flatten(0, 2).matmul(weights)));

    // The sum over all pixels of the products of their channels with their patches, (pixel channels, K * K * C), float32.
    private static Tensor WeightGradient(PatchGrid grid, Tensor images, Tensor pixels) =>
        Chunks(grid, images)
            .Zip(Chunks(grid, pixels), (ofImages, ofPixels) => ProductOverRows(ofPixels.flatten(0, 2), grid.Gather(ofImages)))
            .Aggregate((sum, product) => sum.add_(product));

    // The patches of a chunk are freed before those of the next are made.
    private static Tensor Join(IEnumerable<Tensor> chunks, Func<Tensor, Tensor> compute)
    {
        Tensor[] results = [.. chunks.Select(chunk =>
        {
            using var scope = NewDisposeScope();
            return compute(chunk).MoveToOuterDisposeScope();
        })];
        return results is [var only] ? only : cat(results, 0);
    }

    private static IEnumerable<Tensor> Chunks(PatchGrid grid, Tensor activations)
    {
        var size = Math.Max(1, ChunkElements / ((long)grid.Rows * grid.Columns * grid.PatchLength));
        for (var start = 0L; start < activations.shape[0]; start += size)
        {
            yield return activations.narrow(0, start, Math.Min(size, activations.shape[0] - start));
        }
    }

    // left' * right, of (M, K) and (M, L), in float32.
    private static Tensor ProductOverRows(Tensor left, Tensor right)
    {
        if (left.shape[1] * right.shape[1] > FewResultsPerRow * left.shape[0] || left.shape[0] % Groups != 0)
        {
            return left.t().matmul(right).to(ScalarType.Float32);
        }

        var groups = left.reshape(Groups, -1, left.shape[1]).transpose(1, 2); // (8, K, M/8)
        return groups.bmm(right.reshape(Groups, -1, right.shape[1])).sum([0L], type: ScalarType.Float32);
    }

    internal sealed record Settings(PatchGrid Grid, bool IsTransposed);
}
