namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution, ReLU and 2 x 2 max-pooling of images, as one operator with its gradient by weights and bias.</summary>
internal sealed class ConvReluPool : KernelFunction<ConvReluPool, ConvReluPool.Settings>
{
    public static Tensor Apply(Tensor images, Tensor weight, Tensor bias, ScalarType dtype)
    {
        var conv = ConvOf((int)images.shape[1], (int)weight.shape[0]);
        if (KernelMemory.IsSupported(images, conv.Outputs) && !(is_grad_enabled() && images.requires_grad))
        {
            var layer = new LayerInput(conv, images, weight, bias, conv.OutputSize(images));
            var size = new PooledSize(images.shape[0], (int)layer.Size.Height, (int)layer.Size.Width, conv.Outputs);
            return StepObserver.Run(
                () => $"{conv} ReLU max-pool", LayerSpec.FlopsOf(layer), images,
                observed => Call(new Settings(size, dtype), observed, weight, bias));
        }

        using var convolved = conv.Apply(images.to(dtype), weight, bias);
        return nn.functional.max_pool2d(convolved, 2).relu_();
    }

    public static LayerSpec ConvOf(int channels, int outputs) => new(LayerKind.Conv, channels, outputs, Kernel: 3);

    protected override (Tensor Result, Tensor[] Saved) Forward(Settings settings, Tensor?[] inputs, bool[] needsGrad)
    {
        var ((size, dtype), images, weight, bias) = (settings, inputs[0]!.contiguous(), inputs[1]!, inputs[2]!);
        var (output, winners) = size.Empty(dtype, hasWinners: needsGrad.Contains(true));
        var taps = cat([weight.flatten(1).t(), bias.unsqueeze(0)], 0); // (C * 9 + 1, O)
        IKernel.Run(new ConvReluPoolForward(images, taps, output, winners, size), dtype, size.Images);
        return (KernelMemory.FromChannelsLast(output), [images, winners!]);
    }

    protected override Tensor?[] Gradients(Settings settings, List<Tensor> saved, Tensor gradient, bool[] needsGrad)
    {
        var (images, size, channels) = (saved[0], settings.Size, saved[0].shape[1]);

        // Each part sums on its own, and the parts are added in order: the same threads give the same bits.
        var sums = zeros([ParallelRanges.Parts, (channels * 9) + 1, size.Channels]);
        var pooled = KernelMemory.ToChannelsLast(gradient);
        IKernel.Run(new ConvReluPoolBackward(images, pooled, saved[1], sums, size), pooled.dtype, size.Images);
        var sum = sums.sum([0L]); // (C * 9 + 1, O)
        var weight = sum.narrow(0, 0, channels * 9).t().reshape(size.Channels, channels, 3, 3);
        return [null, weight, sum.select(0, channels * 9)];
    }

    internal sealed record Settings(PooledSize Size, ScalarType Dtype);
}
