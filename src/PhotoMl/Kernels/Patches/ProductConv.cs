using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution as one matrix product of patches and weights, which for small images beats libtorch's backward pass.</summary>
internal sealed unsafe class ProductConv : autograd.SingleTensorFunction<ProductConv>
{
    // The patches take nine times the memory of the activations.
    private const long MostActivations = 1 << 24;

    public override string Name => nameof(ProductConv);

    /// <summary>Convolves activations.</summary>
    /// <param name="activations">Activations, (N, C, H, W), float32 or bfloat16.</param>
    /// <param name="weight">Weights, (O, C, 3, 3), float32.</param>
    /// <param name="bias">Bias, (O), float32, or null.</param>
    /// <returns>Activations, (N, O, H-2, W-2), of the same dtype, channels-last in memory on the CPU.</returns>
    public static Tensor Apply(Tensor activations, Tensor weight, Tensor? bias) => apply(activations, weight, bias!);

    /// <summary>Whether the kernel takes activations and weights.</summary>
    public static bool Suits(Tensor activations, Tensor weight) =>
        activations.numel() <= MostActivations && KernelMemory.IsSupported(activations, weight.shape[1]);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var input = KernelMemory.ToChannelsLast((Tensor)vars[0]);
        var size = new ImageSize((int)input.shape[1], (int)input.shape[2], (int)input.shape[3]);
        var weights = PackWeights((Tensor)vars[1], input.dtype); // (O, 9 * C)
        var rows = empty([input.shape[0] * (size.Height - 2) * (size.Width - 2), 9 * size.Channels], input.dtype);
        Run(input, rows, size, gather: true);
        var output = nn.functional.linear(rows, weights, ((Tensor?)vars[2])?.detach().to(input.dtype));
        ctx.save_for_backward([rows.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope()]);
        ctx.save_data(nameof(ImageSize), (size, HasBias: vars[2] is not null));
        return KernelMemory.FromChannelsLast(output.reshape(input.shape[0], size.Height - 2, size.Width - 2, weights.shape[0])).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (rows, weights) = (saved[0], saved[1]);
        var (size, hasBias) = ((ImageSize, bool))ctx.get_data(nameof(ImageSize));
        var outputs = weights.shape[0];
        var gradient = KernelMemory.ToChannelsLast(grad_output).reshape(-1, outputs); // (N * (H-2) * (W-2), O)

        var weightGradient = gradient.t().matmul(rows).to(ScalarType.Float32)
            .reshape(outputs, 3, 3, size.Channels).permute(0, 3, 1, 2).contiguous();
        var biasGradient = hasBias ? gradient.sum([0L], type: ScalarType.Float32) : null;
        var patches = gradient.matmul(weights);
        var inputGradient = empty([grad_output.shape[0], size.Height, size.Width, size.Channels], rows.dtype);
        Run(inputGradient, patches, size, gather: false);
        return
        [
            KernelMemory.FromChannelsLast(inputGradient).MoveToOuterDisposeScope(),
            weightGradient.MoveToOuterDisposeScope(),
            biasGradient?.MoveToOuterDisposeScope()!,
        ];
    }

    private static Tensor PackWeights(Tensor weight, ScalarType dtype) =>
        weight.detach().to(dtype).permute(0, 2, 3, 1).reshape(weight.shape[0], -1).contiguous();

    private static void Run(Tensor activations, Tensor rows, ImageSize size, bool gather)
    {
        if (activations.dtype == ScalarType.BFloat16)
        {
            Run<ushort>(activations, rows, size, gather);
        }
        else
        {
            Run<float>(activations, rows, size, gather);
        }
    }

    private static void Run<T>(Tensor activations, Tensor rows, ImageSize size, bool gather)
        where T : unmanaged
    {
        var images = KernelMemory.Pointer<T>(activations);
        var patches = KernelMemory.Pointer<T>(rows);
        ParallelRanges.For((int)activations.shape[0], ParallelRanges.Parts, (_, start, end) =>
        {
            if (gather)
            {
                PatchKernel<T>.Gather(images, patches, size, start, end);
            }
            else
            {
                PatchKernel<T>.AddUp(patches, images, size, start, end);
            }
        });
    }
}
