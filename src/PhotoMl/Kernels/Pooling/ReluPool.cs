using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>max(0, max-pool 2 x 2), which is ReLU and max-pooling in either order, as one operator with its gradient.</summary>
internal sealed class ReluPool : autograd.SingleTensorFunction<ReluPool>
{
    public override string Name => nameof(ReluPool);

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
        var shape = activations.shape;
        var winners = empty([shape[0], shape[2] / 2, shape[3] / 2, shape[1]], ScalarType.Byte);
        var pooled = Pool(activations, winners, out var size);
        ctx.save_for_backward([winners]);
        ctx.save_data(nameof(PooledSize), size);
        return pooled;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var size = (PooledSize)ctx.get_data(nameof(PooledSize));
        var gradient = KernelMemory.ToChannelsLast(grad_output);
        var result = empty([gradient.shape[0], size.Height, size.Width, size.Channels], gradient.dtype);
        IKernel.Run(new ReluPoolBackward(gradient, ctx.get_saved_variables()[0], result, size), gradient.dtype, gradient.shape[0]);
        return [KernelMemory.FromChannelsLast(result).MoveToOuterDisposeScope()];
    }

    private static Tensor Pool(Tensor activations, Tensor? winners, out PooledSize size)
    {
        using var input = KernelMemory.ToChannelsLast(activations); // (N, H, W, C)
        size = new PooledSize((int)input.shape[1], (int)input.shape[2], (int)input.shape[3]);
        using var output = empty([input.shape[0], size.PooledHeight, size.PooledWidth, size.Channels], input.dtype);
        IKernel.Run(new ReluPoolForward(input, output, winners, size), input.dtype, input.shape[0]);
        return KernelMemory.FromChannelsLast(output);
    }
}
