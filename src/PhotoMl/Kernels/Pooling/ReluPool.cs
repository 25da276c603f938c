using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>max(0, max-pool 2 x 2), which is ReLU and max-pooling in either order, as one operator with its gradient.</summary>
internal sealed unsafe class ReluPool : autograd.SingleTensorFunction<ReluPool>
{
    public override string Name => nameof(ReluPool);

    /// <summary>Pools activations.</summary>
    /// <param name="activations">Activations, (N, C, H, W), float32 or bfloat16.</param>
    /// <returns>Pooled activations, (N, C, H/2, W/2), of the same dtype, channels-last in memory on the CPU.</returns>
    public static Tensor Apply(Tensor activations)
    {
        if (!KernelMemory.IsSupported(activations, activations.shape[1]))
        {
            return nn.functional.max_pool2d(activations, 2).relu_();
        }

        return is_grad_enabled() ? apply(activations) : Pool(activations, winners: null, out _);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var activations = (Tensor)vars[0];
        var winners = empty([activations.shape[0], activations.shape[2] / 2, activations.shape[3] / 2, activations.shape[1]], ScalarType.Byte);
        var pooled = Pool(activations, winners, out var size);
        ctx.save_for_backward([winners]);
        ctx.save_data(nameof(ImageSize), size);
        return pooled;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var winners = ctx.get_saved_variables()[0];
        var size = (ImageSize)ctx.get_data(nameof(ImageSize));
        using var gradient = KernelMemory.ToChannelsLast(grad_output);
        using var result = empty([winners.shape[0], size.Height, size.Width, size.Channels], gradient.dtype);
        if (gradient.dtype == ScalarType.BFloat16)
        {
            RunBackward<ushort>(gradient, winners, result, size);
        }
        else
        {
            RunBackward<float>(gradient, winners, result, size);
        }

        return [KernelMemory.FromChannelsLast(result)];
    }

    private static Tensor Pool(Tensor activations, Tensor? winners, out ImageSize size)
    {
        using var input = KernelMemory.ToChannelsLast(activations); // (N, H, W, C)
        size = new ImageSize((int)input.shape[1], (int)input.shape[2], (int)input.shape[3]);
        using var output = empty([input.shape[0], size.PooledHeight, size.PooledWidth, size.Channels], input.dtype);
        if (input.dtype == ScalarType.BFloat16)
        {
            RunForward<ushort>(input, output, winners, size);
        }
        else
        {
            RunForward<float>(input, output, winners, size);
        }

        return KernelMemory.FromChannelsLast(output);
    }

    private static void RunForward<T>(Tensor input, Tensor output, Tensor? winners, ImageSize size)
        where T : unmanaged
    {
        var from = KernelMemory.Pointer<T>(input);
        var to = KernelMemory.Pointer<T>(output);
        var won = winners is null ? null : KernelMemory.Pointer<byte>(winners);
        ParallelRanges.For((int)input.shape[0], ParallelRanges.Parts, (_, start, end) => ReluPoolKernel<T>.Forward(from, to, won, size, start, end));
    }

    private static void RunBackward<T>(Tensor gradient, Tensor winners, Tensor result, ImageSize size)
        where T : unmanaged
    {
        var from = KernelMemory.Pointer<T>(gradient);
        var won = KernelMemory.Pointer<byte>(winners);
        var to = KernelMemory.Pointer<T>(result);
        ParallelRanges.For((int)gradient.shape[0], ParallelRanges.Parts, (_, start, end) => ReluPoolKernel<T>.Backward(from, won, to, size, start, end));
    }
}
