namespace PhotoMl.Kernels;

/// <summary>A convolution, or a transposed one, as one matrix product of patches and weights.</summary>
/// <remarks>
/// A convolution maps images with patches to images with a pixel for each patch, and its transpose maps them back:
/// pixels = patches * weights' and patches = pixels * weights, with weights of (pixel channels, kernel * kernel * image channels).
/// Each is the gradient of the other.
/// </remarks>
internal sealed class PatchConv : KernelFunction<PatchConv>
{
    // Half a gigabyte in float32.
    private const long MostElements = 1 << 27;

    // A product with so small a result hardly gets faster by a second thread.
    private const long SmallResult = 1 << 14;
    private const int Groups = 8;

    public static bool Suits(LayerInput input)
    {
        var grid = PatchGrid.Of(input);
        var size = input.Layer.Kind == LayerKind.TransposedConv ? (input.X.shape[2], input.X.shape[3]) : input.Size;
        return KernelMemory.IsSupported(input.X, input.X.dtype == ScalarType.BFloat16 ? grid.Channels : 0)
            && input.Weight.device_type == TorchSharp.DeviceType.CPU
            && size == (grid.Rows, grid.Columns)
            && input.X.shape[0] * grid.Rows * grid.Columns * grid.PatchLength is > 0 and <= MostElements;
    }

    public static Tensor Apply(LayerInput input) => Call(
        input.X, input.Weight, input.Bias,
        new Settings(
            PatchGrid.Of(input), input.Layer.Kind == LayerKind.TransposedConv, NeedsGrad.Of(input.X, input.Weight, input.Bias)));

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (activations, weight, bias, settings) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2], (Settings)vars[3]);
        var weights = weight.to(activations.dtype).permute(0, 2, 3, 1).reshape(weight.shape[0], -1).contiguous();
        var rows = Rows(settings.Grid, activations, settings.IsTransposed);
        Save(ctx, settings, settings.NeedsGrad.Weight ? [weights, rows] : [weights]);
        return Multiply(settings.Grid, rows, weights, bias, settings.IsTransposed);
    }

    protected override Tensor?[] Gradients(List<Tensor> saved, object settings, Tensor gradient)
    {
        var (grid, isTransposed, needs) = (Settings)settings;
        var rows = Rows(grid, gradient, !isTransposed);
        var input = needs.Input ? Multiply(grid, rows, saved[0], bias: null, !isTransposed) : null;
        var weight = !needs.Weight ? null : isTransposed ? ProductOverRows(saved[1], rows) : ProductOverRows(rows, saved[1]);
        weight = weight?.to(ScalarType.Float32).view(-1, grid.Kernel, grid.Kernel, grid.Channels).permute(0, 3, 1, 2).contiguous();
        return [input, weight, needs.Bias ? gradient.sum([0L, 2, 3], type: ScalarType.Float32) : null, null];
    }

    // Activations as a matrix: a pixel a row, or a patch a row.
    private static Tensor Rows(PatchGrid grid, Tensor activations, bool arePixels)
    {
        var images = KernelMemory.ToChannelsLast(activations);
        return arePixels ? images.reshape(-1, activations.shape[1]) : grid.Gather(images);
    }

    private static Tensor Multiply(PatchGrid grid, Tensor rows, Tensor weights, Tensor? bias, bool isTransposed)
    {
        bias = bias?.to(rows.dtype);
        if (!isTransposed)
        {
            var pixels = nn.functional.linear(rows, weights, bias);
            return KernelMemory.FromChannelsLast(pixels.view(-1, grid.Rows, grid.Columns, weights.shape[0]));
        }

        var images = grid.AddUp(rows.matmul(weights));
        return KernelMemory.FromChannelsLast(bias is null ? images : images.add_(bias));
    }

    // left' * right, of (M, K) and (M, L).
    private static Tensor ProductOverRows(Tensor left, Tensor right)
    {
        if (left.shape[1] * right.shape[1] > SmallResult || left.shape[0] % Groups != 0)
        {
            return left.t().matmul(right);
        }

        var groups = left.reshape(Groups, -1, left.shape[1]).transpose(1, 2); // (8, K, M/8)
        return groups.bmm(right.reshape(Groups, -1, right.shape[1])).sum([0L]);
    }

    private sealed record Settings(PatchGrid Grid, bool IsTransposed, NeedsGrad NeedsGrad);
}
