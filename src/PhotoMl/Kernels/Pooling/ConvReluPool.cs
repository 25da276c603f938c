namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution, ReLU and 2 x 2 max-pooling of images, as one operator with its gradient by weights and bias.</summary>
internal sealed class ConvReluPool : KernelFunction<ConvReluPool>
{
    public static Tensor Apply(Tensor images, Tensor weight, Tensor bias, ScalarType dtype)
    {
        var gradients = is_grad_enabled();
        var (channels, outputs) = ((int)images.shape[1], (int)weight.shape[0]);
        if (KernelMemory.IsSupported(images, outputs)
            && !(gradients && images.requires_grad)
            && ArithmeticCheck.IsRight(new ConvReluPoolOperator(channels, outputs, dtype), gradients))
        {
            var layer = new LayerInput(ConvOf(channels, outputs), images, weight, bias, ConvOf(channels, outputs).OutputSize(images));
            return StepObserver.Run(
                () => $"{layer.Layer} ReLU max-pool", LayerSpec.FlopsOf(layer), images, observed => Fuse(observed, weight, bias, dtype));
        }

        using var convolved = ConvOf(channels, outputs).Apply(images.to(dtype), weight, bias);
        return nn.functional.max_pool2d(convolved, 2).relu_();
    }

    public static LayerSpec ConvOf(int channels, int outputs) => new(LayerKind.Conv, channels, outputs, Kernel: 3);

    /// <summary>Computes the operator; see <see cref="Apply"/>. Images are on the CPU and need no gradient.</summary>
    internal static Tensor Fuse(Tensor images, Tensor weight, Tensor bias, ScalarType dtype) =>
        Call(images, weight, bias, dtype);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (images, weight, bias, dtype) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1], (Tensor)vars[2], (ScalarType)vars[3]);
        var size = new PooledSize(images.shape[0], (int)images.shape[2] - 2, (int)images.shape[3] - 2, (int)weight.shape[0]);
        var (output, winners) = size.Empty(dtype, hasWinners: ctx is not null);
        var taps = cat([weight.flatten(1).t(), bias.unsqueeze(0)], 0); // (C * 9 + 1, O)
        IKernel.Run(new ConvReluPoolForward(images, taps, output, winners, size), dtype, size.Images);
        if (winners is not null)
        {
            Save(ctx, size, images, winners);
        }

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

/// <summary><see cref="ConvReluPool"/> in a dtype, to be checked.</summary>
internal sealed record ConvReluPoolOperator(int Inputs, int Outputs, ScalarType OutputDtype) : CheckedOperator
{
    public override string Name => $"conv 3x3 ReLU max-pool {Inputs}->{Outputs}";

    public override string Route => "fused";
    public override ScalarType Dtype => OutputDtype;
    public override long[] InputShape => [2, Inputs, 10, 10];
    public override long[] WeightShape => [Outputs, Inputs, 3, 3];
    public override bool HasInputGradient => false;

    public override Tensor Compute(Tensor input, Tensor weight) =>
        ConvReluPool.Fuse(input.to(ScalarType.Float32), weight, zeros(Outputs), OutputDtype);

    public override Tensor Reference(Tensor input, Tensor weight) =>
        nn.functional.max_pool2d(nn.functional.conv2d(input, weight), 2).relu();
}
