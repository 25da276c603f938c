using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution, ReLU and 2 x 2 max-pooling of images, as one operator with its gradient by weights and bias.</summary>
internal sealed class ConvReluPool : autograd.SingleTensorFunction<ConvReluPool>
{
    public override string Name => nameof(ConvReluPool);

    public static Tensor Apply(Tensor images, Tensor weight, Tensor bias, ScalarType dtype)
    {
        var gradients = is_grad_enabled();
        var (channels, outputs) = ((int)images.shape[1], (int)weight.shape[0]);
        if (!KernelMemory.IsSupported(images, outputs)
            || (gradients && images.requires_grad)
            || !ArithmeticCheck.IsRight(new ConvReluPoolOperator(channels, outputs, dtype), gradients))
        {
            using var convolved = ConvOf(channels, outputs).Apply(images.to(dtype), weight, bias);
            return nn.functional.max_pool2d(convolved, 2).relu_();
        }

        using var contiguous = images.contiguous();
        return gradients ? Fuse(contiguous, weight, bias, dtype) : Convolve(contiguous, weight, bias, dtype, winners: null, out _);
    }

    public static LayerSpec ConvOf(int channels, int outputs) => new(LayerKind.Conv, channels, outputs, Kernel: 3);

    /// <summary>Computes the operator for training; see <see cref="Apply"/>. Images are contiguous, on the CPU, and need no gradient.</summary>
    internal static Tensor Fuse(Tensor images, Tensor weight, Tensor bias, ScalarType dtype) => apply(images, weight, bias, dtype);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (images, weight) = ((Tensor)vars[0], (Tensor)vars[1]);
        var winners = empty([images.shape[0], (images.shape[2] - 2) / 2, (images.shape[3] - 2) / 2, weight.shape[0]], ScalarType.Byte);
        var pooled = Convolve(images, weight, (Tensor)vars[2], (ScalarType)vars[3], winners, out var size);
        ctx.save_for_backward([images, winners]);
        ctx.save_data(nameof(PooledSize), size);
        return pooled;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (images, winners) = (saved[0], saved[1]);
        var size = (PooledSize)ctx.get_data(nameof(PooledSize));
        var channels = images.shape[1];

        // Each part sums on its own, and the parts are added in order: the same threads give the same bits.
        var sums = zeros([ParallelRanges.Parts, (channels * 9) + 1, size.Channels]);
        var gradient = KernelMemory.ToChannelsLast(grad_output);
        IKernel.Run(new ConvReluPoolBackward(images, gradient, winners, sums, size), gradient.dtype, images.shape[0]);
        var sum = sums.sum([0L]); // (C * 9 + 1, O)
        var weightGradient = sum.narrow(0, 0, channels * 9).t().reshape(size.Channels, channels, 3, 3).MoveToOuterDisposeScope();
        var biasGradient = sum.select(0, channels * 9).MoveToOuterDisposeScope();
        return [null!, weightGradient, biasGradient, null!];
    }

    private static Tensor Convolve(Tensor images, Tensor weight, Tensor bias, ScalarType dtype, Tensor? winners, out PooledSize size)
    {
        var (channels, outputs) = (weight.shape[1], weight.shape[0]);
        size = new PooledSize((int)images.shape[2] - 2, (int)images.shape[3] - 2, (int)outputs);
        using var taps = PackWeights(weight, bias, channels, outputs);
        using var output = empty([images.shape[0], size.PooledHeight, size.PooledWidth, outputs], dtype);
        IKernel.Run(new ConvReluPoolForward(images, taps, output, winners, size), dtype, images.shape[0]);
        return KernelMemory.FromChannelsLast(output);
    }

    private static Tensor PackWeights(Tensor weight, Tensor bias, long channels, long outputs)
    {
        using var scope = NewDisposeScope();
        var taps = weight.detach().reshape(outputs, channels * 9).t(); // (C * 9, O)
        return cat([taps, bias.detach().unsqueeze(0)], 0).MoveToOuterDisposeScope();
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
