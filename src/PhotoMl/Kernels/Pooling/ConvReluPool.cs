namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution, ReLU and 2 x 2 max-pooling of images, as one operator with its gradient by weights and bias.</summary>
internal sealed class ConvReluPool : KernelFunction<ConvReluPool>
{
    public static Tensor Apply(Tensor images, Tensor weight, Tensor bias, ScalarType dtype)
    {
        var conv = ConvOf((int)images.shape[1], (int)weight.shape[0]);
        if (KernelMemory.IsSupported(images, conv.Outputs) && !(is_grad_enabled() && images.requires_grad))
        {
            var layer = new LayerInput(conv, images, weight, bias, conv.OutputSize(images));
            return StepObserver.Run(
                () => $"{conv} ReLU max-pool", LayerSpec.FlopsOf(layer), images, observed => Call(observed, weight, bias, dtype));
        }

        using var convolved = conv.Apply(images.to(dtype), weight, bias);
        return nn.functional.max_pool2d(convolved, 2).relu_();
    }

    public static LayerSpec ConvOf(int channels, int outputs) => new(LayerKind.Conv, channels, outputs, Kernel: 3);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (images, weight, bias, dtype) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1], (Tensor)vars[2], (ScalarType)vars[3]);
        var size = new PooledSize(images.shape[0], (int)images.shape[2] - 2, (int)images.shape[3] - 2, (int)weight.shape[0]);
        var (output, winners) = size.Empty(dtype, hasWinners: ctx is not null);
        var taps = cat([weight.flatten(1).t(), bias.unsqueeze(0)], 0); // (C * 9 + 1, O)
        IKernel.Run(new ConvReluPoolForward(images, taps, output, winners, size), dtype, size.Images);
        Save(ctx, size, images, winners!);
        return KernelMemory.FromChannelsLast(output);
    }

    protected override Tensor?[] Gradients(List<Tensor> saved, object settings, Tensor gradient)
    {
        var (images, size, channels) = (saved[0], (PooledSize)settings, saved[0].shape[1]);

        // Each part sums on its own, and the parts are added in order: the same threads give the same bits.
        var sums = zeros([ParallelRanges.Parts, (channels * 9) + 1, size.Channels]);
        var pooled = KernelMemory.ToChannelsLast(gradient);
        IKernel.Run(new ConvReluPoolBackward(images, pooled, saved[1], sums, size), pooled.dtype, size.Images);
        var sum = sums.sum([0L]); // (C * 9 + 1, O)
        var weight = sum.narrow(0, 0, channels * 9).t().reshape(size.Channels, channels, 3, 3);
        return [null, weight, sum.select(0, channels * 9), null];
    }
}
