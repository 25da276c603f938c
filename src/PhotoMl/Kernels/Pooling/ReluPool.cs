namespace PhotoMl.Kernels;

/// <summary>max(0, max-pool), which is ReLU and max-pooling in either order, as one operator with its gradient.</summary>
internal sealed class ReluPool : KernelFunction<ReluPool>
{
    /// <summary>Pools activations (N, C, H, W).</summary>
    /// <param name="activations">The activations.</param>
    /// <param name="window">The side of a window: 2, or 3 with a padding of 1; the stride is 2.</param>
    public static Tensor Apply(Tensor activations, int window) => KernelMemory.IsSupported(activations, activations.shape[1])
        ? Call(activations, window)
        : nn.functional.max_pool2d(activations, window, 2, window - 2).relu_();

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var input = KernelMemory.ToChannelsLast((Tensor)vars[0]); // (N, H, W, C)
        var size = new PooledSize(input.shape[0], (int)input.shape[1], (int)input.shape[2], (int)input.shape[3], (int)vars[1]);
        var (output, winners) = size.Empty(input.dtype, hasWinners: ctx is not null);
        IKernel.Run(new ReluPoolForward(input, output, winners, size), input.dtype, size.Images);
        Save(ctx, size, winners!);
        return KernelMemory.FromChannelsLast(output);
    }

    protected override Tensor?[] Gradients(List<Tensor> saved, object settings, Tensor gradient)
    {
        var size = (PooledSize)settings;
        var result = empty([size.Images, size.Height, size.Width, size.Channels], gradient.dtype);
        IKernel.Run(new ReluPoolBackward(KernelMemory.ToChannelsLast(gradient), saved[0], result, size), gradient.dtype, size.Images);
        return [KernelMemory.FromChannelsLast(result), null];
    }
}
