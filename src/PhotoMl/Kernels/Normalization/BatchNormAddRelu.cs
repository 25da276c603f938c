using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>Batch norm over (N, H, W), the sum with other activations, and ReLU, as one operator with its gradient: the end of a residual block.</summary>
/// <remarks>The arithmetic and conventions of batch norm are those of <see cref="BatchNormLeaky"/>.</remarks>
internal sealed unsafe class BatchNormAddRelu : autograd.SingleTensorFunction<BatchNormAddRelu>
{
    private const int MostChannels = 2048; // the kernels keep two numbers a channel on the stack

    public override string Name => nameof(BatchNormAddRelu);

    /// <summary>Normalises activations, adds others and applies ReLU.</summary>
    /// <param name="activations">Activations, (N, C, H, W), float32 or bfloat16.</param>
    /// <param name="weight">Weights, (C), float32.</param>
    /// <param name="bias">Bias, (C), float32.</param>
    /// <param name="runningMean">The running mean, (C), float32; changed in place when training.</param>
    /// <param name="runningVariance">The running variance, (C), float32; changed in place when training.</param>
    /// <param name="other">What is added, (N, C, H, W), of the same dtype.</param>
    /// <param name="training">Whether to normalise by the batch's own statistics rather than by the running ones.</param>
    /// <param name="momentum">The weight of the batch in the running statistics.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <returns>Activations, (N, C, H, W), of the same dtype, channels-last in memory on the CPU.</returns>
    public static Tensor Apply(
        Tensor activations, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, Tensor other, bool training, double momentum, double epsilon)
    {
        var channels = activations.shape[1];
        if (!KernelMemory.IsSupported(activations, channels)
            || channels > MostChannels
            || activations.numel() <= channels // torch says what is wrong with a single pixel
            || other.device_type != activations.device_type
            || other.dtype != activations.dtype
            || !other.shape.SequenceEqual(activations.shape)
            || !new[] { weight, bias, runningMean, runningVariance }.All(KernelMemory.IsPlain))
        {
            using var normalized = nn.functional.batch_norm(activations, runningMean, runningVariance, weight, bias, training, momentum, epsilon);
            using var sum = normalized.add(other);
            return nn.functional.relu(sum);
        }

        // What the graph does not keep of a pass ends with the scope.
        using var scope = NewDisposeScope();
        var settings = new Settings(training, momentum, epsilon);
        var result = is_grad_enabled() && new[] { activations, weight, bias, other }.Any(tensor => tensor.requires_grad)
            ? apply(activations, weight, bias, runningMean, runningVariance, other, settings)
            : KernelMemory.FromChannelsLast(
                Normalize(KernelMemory.ToChannelsLast(activations), weight, bias, runningMean, runningVariance, KernelMemory.ToChannelsLast(other), settings).Output);
        return result.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var settings = (Settings)vars[6];
        var input = KernelMemory.ToChannelsLast((Tensor)vars[0]); // (N, H, W, C)
        var other = KernelMemory.ToChannelsLast((Tensor)vars[5]); // (N, H, W, C)
        var (numbers, output) = Normalize(input, (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (Tensor)vars[4], other, settings);
        ctx.save_for_backward([input.MoveToOuterDisposeScope(), numbers.MoveToOuterDisposeScope(), output.MoveToOuterDisposeScope()]);
        ctx.save_data(nameof(Settings), settings);
        return KernelMemory.FromChannelsLast(output).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var settings = (Settings)ctx.get_data(nameof(Settings));
        var gradient = KernelMemory.ToChannelsLast(grad_output);
        var (input, weight, bias, other) = saved[0].dtype == ScalarType.BFloat16
            ? RunBackward<ushort>(saved[0], gradient, saved[1], saved[2], settings.Training)
            : RunBackward<float>(saved[0], gradient, saved[1], saved[2], settings.Training);
        return
        [
            KernelMemory.FromChannelsLast(input).MoveToOuterDisposeScope(),
            weight.MoveToOuterDisposeScope(),
            bias.MoveToOuterDisposeScope(),
            null!,
            null!,
            KernelMemory.FromChannelsLast(other).MoveToOuterDisposeScope(),
            null!,
        ];
    }

    // The numbers a channel is normalised by, (4, C), and the result, (N, H, W, C).
    private static (Tensor Numbers, Tensor Output) Normalize(
        Tensor input, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, Tensor other, Settings settings)
    {
        var numbers = BatchNormNumbers.Of(input, weight, bias, runningMean, runningVariance, settings.Training ? settings.Momentum : null, settings.Epsilon);
        var output = empty_like(input);
        if (input.dtype == ScalarType.BFloat16)
        {
            RunForward<ushort>(input, other, numbers, output);
        }
        else
        {
            RunForward<float>(input, other, numbers, output);
        }

        return (numbers, output);
    }

    private static void RunForward<T>(Tensor input, Tensor other, Tensor numbers, Tensor output)
        where T : unmanaged
    {
        var norm = new ChannelNorm(KernelMemory.Pointer<float>(numbers), (int)input.shape[3]);
        var from = KernelMemory.Pointer<T>(input);
        var added = KernelMemory.Pointer<T>(other);
        var to = KernelMemory.Pointer<T>(output);
        ParallelRanges.For(BatchStatistics.Rows(input), ParallelRanges.Parts, (_, start, end) =>
            BatchNormAddReluKernel<T>.Forward(from, added, to, norm, start, end));
    }

    private static (Tensor Input, Tensor Weight, Tensor Bias, Tensor Other) RunBackward<T>(Tensor input, Tensor gradient, Tensor numbers, Tensor output, bool training)
        where T : unmanaged
    {
        var (rows, parts) = (BatchStatistics.Rows(input), ParallelRanges.Parts);
        var norm = new ChannelNorm(KernelMemory.Pointer<float>(numbers), (int)input.shape[3]);
        var other = empty_like(input);
        var sums = empty([parts, 2, norm.Channels], ScalarType.Float64);
        var values = KernelMemory.Pointer<T>(input);
        var results = KernelMemory.Pointer<T>(output);
        var from = KernelMemory.Pointer<T>(gradient);
        var kept = KernelMemory.Pointer<T>(other);
        var added = KernelMemory.Pointer<double>(sums);
        ParallelRanges.For(rows, parts, (part, start, end) =>
            BatchNormAddReluKernel<T>.KeepAndSum(values, results, from, kept, norm, added + (2L * part * norm.Channels), start, end));

        // Running statistics do not depend on the batch.
        var (weightGradient, biasGradient, means) = BatchNormNumbers.Finish(sums, numbers, training ? rows : 0);
        var result = empty_like(input);
        var taken = KernelMemory.Pointer<float>(means);
        var to = KernelMemory.Pointer<T>(result);
        ParallelRanges.For(rows, parts, (_, start, end) => BatchNormLeakyKernel<T>.Backward(values, kept, norm, slope: 1, taken, to, start, end));
        return (result, weightGradient, biasGradient, other);
    }

    private sealed record Settings(bool Training, double Momentum, double Epsilon);
}
