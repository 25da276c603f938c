using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>A convolution, or a transposed one, as one matrix product of patches and weights.</summary>
/// <remarks>
/// A convolution maps images with patches to images with a pixel for each patch, and its transpose maps them back:
/// pixels = patches * weights' and patches = pixels * weights, with weights of (pixel channels, kernel * kernel * image channels).
/// Each is the gradient of the other.
/// </remarks>
internal sealed class PatchConv : autograd.SingleTensorFunction<PatchConv>
{
    // Half a gigabyte in float32.
    private const long MostElements = 1 << 27;

    // A product with so small a result hardly gets faster by a second thread.
    private const long SmallResult = 1 << 14;
    private const int Groups = 8;

    public override string Name => nameof(PatchConv);

    public static bool Suits(LayerInput input)
    {
        var (grid, count) = (GridOf(input), input.X.shape[0]);
        var size = input.Layer.Kind == LayerKind.TransposedConv ? (input.X.shape[2], input.X.shape[3]) : input.Size;
        return KernelMemory.IsSupported(input.X, input.X.dtype == ScalarType.BFloat16 ? grid.Channels : 0)
            && input.Weight.device_type == TorchSharp.DeviceType.CPU
            && size == (grid.Rows, grid.Columns)
            && count * grid.Rows * grid.Columns * grid.PatchLength is > 0 and <= MostElements;
    }

    public static Tensor Apply(LayerInput input)
    {
        using var scope = NewDisposeScope();
        var (x, weight, bias) = (input.X, input.Weight, input.Bias);
        var (grid, isTransposed) = (GridOf(input), input.Layer.Kind == LayerKind.TransposedConv);
        var layer = new Settings(grid, isTransposed, NeedsGrad.Of(x, weight, bias));
        var output = layer.NeedsGrad.Any
            ? apply(x, weight, bias!, layer)
            : Multiply(grid, Rows(grid, x, isTransposed), PackWeights(weight, x.dtype), bias, isTransposed);
        return output.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (activations, bias, layer) = ((Tensor)vars[0], (Tensor?)vars[2], (Settings)vars[3]);
        var weights = PackWeights((Tensor)vars[1], activations.dtype);
        var rows = Rows(layer.Grid, activations, layer.IsTransposed);
        var output = Multiply(layer.Grid, rows, weights, bias?.detach(), layer.IsTransposed);
        weights.MoveToOuterDisposeScope();
        ctx.save_for_backward(layer.NeedsGrad.Weight ? [weights, rows.MoveToOuterDisposeScope()] : [weights]);
        ctx.save_data(nameof(Settings), layer);
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var (saved, layer) = (ctx.get_saved_variables(), (Settings)ctx.get_data(nameof(Settings)));
        var (grid, isTransposed, needs) = layer;
        var rows = needs.Input || needs.Weight ? Rows(grid, grad_output, !isTransposed) : null;
        var input = needs.Input ? Multiply(grid, rows!, saved[0], bias: null, !isTransposed) : null;
        var weight = !needs.Weight ? null : isTransposed ? ProductOverRows(saved[1], rows!) : ProductOverRows(rows!, saved[1]);
        weight = weight?.to(ScalarType.Float32).view(-1, grid.Kernel, grid.Kernel, grid.Channels).permute(0, 3, 1, 2).contiguous();
        var bias = needs.Bias ? grad_output.sum([0L, 2, 3], type: ScalarType.Float32) : null;
        return
        [
            input?.MoveToOuterDisposeScope()!,
            weight?.MoveToOuterDisposeScope()!,
            bias?.MoveToOuterDisposeScope()!,
            null!,
        ];
    }

    private static PatchGrid GridOf(LayerInput input)
    {
        var (layer, x) = (input.Layer, input.X);
        var (height, width, channels) = layer.Kind == LayerKind.TransposedConv
            ? (input.Size.Height, input.Size.Width, layer.Outputs)
            : (x.shape[2], x.shape[3], layer.Inputs);
        return new PatchGrid((int)height, (int)width, channels, layer.Kernel, layer.Stride, layer.Padding);
    }

    private static Tensor PackWeights(Tensor weight, ScalarType dtype) =>
        weight.detach().to(dtype).permute(0, 2, 3, 1).reshape(weight.shape[0], -1).contiguous();

    // Activations as a matrix: a pixel a row, or a patch a row.
    private static Tensor Rows(PatchGrid grid, Tensor activations, bool arePixels)
    {
        var images = KernelMemory.ToChannelsLast(activations.detach());
        return arePixels ? images.reshape(-1, activations.shape[1]) : grid.Gather(images);
    }

    private static Tensor Multiply(PatchGrid grid, Tensor rows, Tensor weights, Tensor? bias, bool isTransposed)
    {
        if (!isTransposed)
        {
            var pixels = nn.functional.linear(rows, weights, bias?.to(rows.dtype));
            return KernelMemory.FromChannelsLast(pixels.view(-1, grid.Rows, grid.Columns, weights.shape[0]));
        }

        var images = grid.AddUp(rows.matmul(weights));
        return KernelMemory.FromChannelsLast(bias is null ? images : images.add_(bias.to(images.dtype)));
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
