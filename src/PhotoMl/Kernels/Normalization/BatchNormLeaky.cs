using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>Batch norm over (N, H, W) and leaky ReLU as one operator with its gradient.</summary>
/// <remarks>
/// S. Ioffe, C. Szegedy, "Batch Normalization", 2015, with PyTorch's conventions: the batch is normalised by its biased variance,
/// and the running variance takes the unbiased one.
/// </remarks>
internal sealed unsafe class BatchNormLeaky : autograd.SingleTensorFunction<BatchNormLeaky>
{
    private const int MostChannels = 2048; // the kernels keep two numbers a channel on the stack

    public override string Name => nameof(BatchNormLeaky);

    /// <summary>Normalises activations and applies leaky ReLU.</summary>
    /// <param name="activations">Activations, (N, C, H, W), float32 or bfloat16.</param>
    /// <param name="weight">Weights, (C), float32.</param>
    /// <param name="bias">Bias, (C), float32.</param>
    /// <param name="runningMean">The running mean, (C), float32; changed in place when training.</param>
    /// <param name="runningVariance">The running variance, (C), float32; changed in place when training.</param>
    /// <param name="training">Whether to normalise by the batch's own statistics rather than by the running ones.</param>
    /// <param name="momentum">The weight of the batch in the running statistics.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="slope">The slope of leaky ReLU below zero.</param>
    /// <returns>Activations, (N, C, H, W), of the same dtype, channels-last in memory on the CPU.</returns>
    public static Tensor Apply(
        Tensor activations, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, bool training, double momentum, double epsilon, double slope)
    {
        var channels = activations.shape[1];
        if (!KernelMemory.IsSupported(activations, channels)
            || channels > MostChannels
            || activations.numel() <= channels // torch says what is wrong with a single pixel
            || !new[] { weight, bias, runningMean, runningVariance }.All(KernelMemory.IsPlain))
        {
            using var normalized = nn.functional.batch_norm(activations, runningMean, runningVariance, weight, bias, training, momentum, epsilon);
            return nn.functional.leaky_relu(normalized, slope);
        }

        // What the graph does not keep of a pass ends with the scope.
        using var scope = NewDisposeScope();
        var settings = new Settings(training, momentum, epsilon, (float)slope, activations.requires_grad);
        var result = is_grad_enabled() && new[] { activations, weight, bias }.Any(tensor => tensor.requires_grad)
            ? apply(activations, weight, bias, runningMean, runningVariance, settings)
            : KernelMemory.FromChannelsLast(Normalize(KernelMemory.ToChannelsLast(activations), weight, bias, runningMean, runningVariance, settings).Output);
        return result.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var settings = (Settings)vars[5];
        var input = KernelMemory.ToChannelsLast((Tensor)vars[0]); // (N, H, W, C)
        var (numbers, output) = Normalize(input, (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (Tensor)vars[4], settings);
        ctx.save_for_backward([input.MoveToOuterDisposeScope(), numbers.MoveToOuterDisposeScope()]);
        ctx.save_data(nameof(Settings), settings);
        return KernelMemory.FromChannelsLast(output).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (input, numbers) = (saved[0], saved[1]);
        var settings = (Settings)ctx.get_data(nameof(Settings));
        var gradient = KernelMemory.ToChannelsLast(grad_output);
        var (inputGradient, weightGradient, biasGradient) = input.dtype == ScalarType.BFloat16
            ? RunBackward<ushort>(input, gradient, numbers, settings)
            : RunBackward<float>(input, gradient, numbers, settings);
        return
        [
            inputGradient is null ? null! : KernelMemory.FromChannelsLast(inputGradient).MoveToOuterDisposeScope(),
            weightGradient.MoveToOuterDisposeScope(),
            biasGradient.MoveToOuterDisposeScope(),
            null!,
            null!,
            null!,
        ];
    }

    // The numbers a channel is normalised by, (4, C), and the result, (N, H, W, C).
    private static (Tensor Numbers, Tensor Output) Normalize(Tensor input, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, Settings settings)
    {
        var numbers = BatchNormNumbers.Of(input, weight, bias, runningMean, runningVariance, settings.Training ? settings.Momentum : null, settings.Epsilon);
        var output = empty_like(input);
        if (input.dtype == ScalarType.BFloat16)
        {
            RunForward<ushort>(input, numbers, output, settings.Slope);
        }
        else
        {
            RunForward<float>(input, numbers, output, settings.Slope);
        }

        return (numbers, output);
    }

    private static void RunForward<T>(Tensor input, Tensor numbers, Tensor output, float slope)
        where T : unmanaged
    {
        var norm = new ChannelNorm(KernelMemory.Pointer<float>(numbers), (int)input.shape[3]);
        var from = KernelMemory.Pointer<T>(input);
        var to = KernelMemory.Pointer<T>(output);
        ParallelRanges.For(BatchStatistics.Rows(input), ParallelRanges.Parts, (_, start, end) =>
            BatchNormLeakyKernel<T>.Forward(from, to, norm, slope, start, end));
    }

    private static (Tensor? Input, Tensor Weight, Tensor Bias) RunBackward<T>(Tensor input, Tensor gradient, Tensor numbers, Settings settings)
        where T : unmanaged
    {
        var (rows, parts) = (BatchStatistics.Rows(input), ParallelRanges.Parts);
        var norm = new ChannelNorm(KernelMemory.Pointer<float>(numbers), (int)input.shape[3]);
        var values = KernelMemory.Pointer<T>(input);
        var from = KernelMemory.Pointer<T>(gradient);
        var sums = empty([parts, 2, norm.Channels], ScalarType.Float64);
        var added = KernelMemory.Pointer<double>(sums);
        ParallelRanges.For(rows, parts, (part, start, end) =>
            BatchNormLeakyKernel<T>.SumGradients(values, from, norm, settings.Slope, added + (2L * part * norm.Channels), start, end));

        // Running statistics do not depend on the batch.
        var (weightGradient, biasGradient, means) = BatchNormNumbers.Finish(sums, numbers, settings.Training ? rows : 0);
        if (!settings.InputGradient)
        {
            return (null, weightGradient, biasGradient);
        }

        var result = empty_like(input);
        var taken = KernelMemory.Pointer<float>(means);
        var to = KernelMemory.Pointer<T>(result);
        ParallelRanges.For(rows, parts, (_, start, end) =>
            BatchNormLeakyKernel<T>.Backward(values, from, norm, settings.Slope, taken, to, start, end));
        return (result, weightGradient, biasGradient);
    }

    private sealed record Settings(bool Training, double Momentum, double Epsilon, float Slope, bool InputGradient);
}
