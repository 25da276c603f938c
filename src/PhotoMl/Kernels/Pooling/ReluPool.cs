namespace PhotoMl.Kernels;

/// <summary>max(0, max-pool), which is ReLU and max-pooling in either order, as one operator with its gradient.</summary>
internal sealed class ReluPool : KernelFunction<ReluPool, PooledSize>
{
    /// <summary>Pools activations (N, C, H, W).</summary>
    /// <param name="activations">The activations.</param>
    /// <param name="window">The side of a window: 2, or 3 with a padding of 1; the stride is 2.</param>
    public static Tensor Apply(Tensor activations, int window)
    {
        var shape = activations.shape;
        return KernelMemory.IsSupported(activations, shape[1])
            ? Call(new PooledSize(shape[0], (int)shape[2], (int)shape[3], (int)shape[1], window), activations)
            : nn.functional.max_pool2d(activations, window, 2, window - 2).relu_();
    }

    protected override (Tensor Result, Tensor[] Saved) Forward(PooledSize size, Tensor?[] inputs, bool[] needsGrad)
    {
        var input = KernelMemory.ToChannelsLast(inputs[0]!); // (N, H, W, C)
        var (output, winners) = size.Empty(input.dtype, hasWinners: needsGrad[0]);
        IKernel.Run(new ReluPoolForward(input, output, winners, size), input.dtype, size.Images);
        return (KernelMemory.FromChannelsLast(output), [winners!]);
    }

    protected override Tensor?[] Gradients(PooledSize size, List<Tensor> saved, Tensor gradient, bool[] needsGrad)
    {
        var result = empty([size.Images, size.Height, size.Width, size.Channels], gradient.dtype);
        IKernel.Run(new ReluPoolBackward(KernelMemory.ToChannelsLast(gradient), saved[0], result, size), gradient.dtype, size.Images);
        return [KernelMemory.FromChannelsLast(result)];
    }
}
