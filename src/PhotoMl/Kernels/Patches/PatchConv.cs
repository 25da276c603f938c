using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>Convolution of stride 2, whose padding is half its kernel, as matrix products of patches and weights, which for small maps of many channels beats libtorch's.</summary>
/// <remarks>The batch goes through in chunks whose patches stay in the cache; they are laid out a second time for the gradient by the weights, rather than kept.</remarks>
internal sealed unsafe class PatchConv : autograd.SingleTensorFunction<PatchConv>
{
    // What stays in the second level of the cache between its layout and its product.
    private const long ChunkElements = 400_000;

    public override string Name => nameof(PatchConv);

    /// <summary>Convolves activations.</summary>
    /// <param name="activations">Activations, (N, C, H, W), float32.</param>
    /// <param name="weight">Weights, (O, C, K, K), float32, contiguous, of an odd K.</param>
    /// <returns>Activations, (N, O, ceil(H/2), ceil(W/2)), float32, channels-last in memory.</returns>
    public static Tensor Apply(Tensor activations, Tensor weight)
    {
        using var scope = NewDisposeScope();
        return is_grad_enabled() && (activations.requires_grad || weight.requires_grad)
            ? apply(activations, weight).MoveToOuterDisposeScope()
            : Convolve(KernelMemory.ToChannelsLast(activations), PackWeights(weight), GridOf(activations, weight)).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (activations, weight) = ((Tensor)vars[0], (Tensor)vars[1]);
        var grid = GridOf(activations, weight);
        var input = KernelMemory.ToChannelsLast(activations); // (N, H, W, C)
        var weights = PackWeights(weight); // (O, K * K * C)
        var output = Convolve(input, weights, grid);
        ctx.save_for_backward([input.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope()]);
        ctx.save_data(nameof(Wanted), new Wanted(grid, activations.requires_grad, weight.requires_grad));
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (input, weights) = (saved[0], saved[1]);
        var wanted = (Wanted)ctx.get_data(nameof(Wanted));
        var grid = wanted.Grid;
        var gradient = KernelMemory.ToChannelsLast(grad_output); // (N, rows, columns, O)
        var inputGradient = wanted.Input ? empty_like(input) : null;
        var weightGradient = wanted.Weight ? zeros_like(weights) : null;
        ForEachChunk(grid, input.shape[0], (first, count) =>
        {
            var part = gradient.narrow(0, first, count).view(count * grid.Patches, -1); // (patches, O)
            if (inputGradient is not null)
            {
                AddUp(part.matmul(weights), inputGradient.narrow(0, first, count), grid);
            }

            weightGradient?.add_(part.t().matmul(Gather(input.narrow(0, first, count), grid)));
        });
        var taps = weightGradient?.view(-1, grid.Kernel, grid.Kernel, grid.Channels).permute(0, 3, 1, 2).contiguous(); // (O, C, K, K)
        return
        [
            inputGradient is null ? null! : KernelMemory.FromChannelsLast(inputGradient).MoveToOuterDisposeScope(),
            taps is null ? null! : taps.MoveToOuterDisposeScope(),
        ];
    }

    private static PatchConvGrid GridOf(Tensor activations, Tensor weight) =>
        new((int)activations.shape[2], (int)activations.shape[3], (int)activations.shape[1], (int)weight.shape[2]);

    private static Tensor PackWeights(Tensor weight) => weight.detach().permute(0, 2, 3, 1).reshape(weight.shape[0], -1).contiguous();

    private static Tensor Convolve(Tensor input, Tensor weights, PatchConvGrid grid)
    {
        var output = empty([input.shape[0], grid.Rows, grid.Columns, weights.shape[0]]);
        var transposed = weights.t();
        ForEachChunk(grid, input.shape[0], (first, count) =>
            output.narrow(0, first, count).view(count * grid.Patches, -1).addmm_(Gather(input.narrow(0, first, count), grid), transposed, beta: 0, alpha: 1));
        return KernelMemory.FromChannelsLast(output);
    }

    private static void ForEachChunk(PatchConvGrid grid, long images, Action<long, long> work)
    {
        var step = Math.Max(1, ChunkElements / ((long)grid.Patches * grid.PatchLength));
        for (var first = 0L; first < images; first += step)
        {
            using var scope = NewDisposeScope();
            work(first, Math.Min(step, images - first));
        }
    }

    private static Tensor Gather(Tensor images, PatchConvGrid grid)
    {
        var rows = empty([images.shape[0] * grid.Patches, grid.PatchLength]);
        var (from, to) = ((nint)KernelMemory.Pointer<float>(images), (nint)KernelMemory.Pointer<float>(rows));
        ParallelRanges.For((int)images.shape[0] * grid.Rows, ParallelRanges.Parts, (_, start, end) =>
            PatchConvKernel.Gather((float*)from, grid, (float*)to, start, end));
        return rows;
    }

    private static void AddUp(Tensor rows, Tensor images, PatchConvGrid grid)
    {
        var (from, to) = ((nint)KernelMemory.Pointer<float>(rows), (nint)KernelMemory.Pointer<float>(images));
        ParallelRanges.For((int)images.shape[0], ParallelRanges.Parts, (_, start, end) =>
            PatchConvKernel.AddUp((float*)from, grid, (float*)to, start, end));
    }

    private sealed record Wanted(PatchConvGrid Grid, bool Input, bool Weight);
}
