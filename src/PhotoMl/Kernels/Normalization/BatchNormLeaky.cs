using TorchSharp.Modules;

namespace PhotoMl.Kernels;

/// <summary>Batch norm over (N, H, W), the sum with other activations if there are any, and leaky ReLU, with its gradient.</summary>
/// <remarks>
/// S. Ioffe, C. Szegedy, "Batch Normalization", 2015, with PyTorch's conventions: the batch is normalised by its biased variance,
/// and the running variance takes the unbiased one. The sum is the end of a residual block.
/// </remarks>
internal sealed class BatchNormLeaky : KernelFunction<BatchNormLeaky, NormSettings>
{
    private const int MostChannels = 16_384; // the kernels keep two numbers a channel on the stack, 128 KB at most

    public static Tensor Apply(
        Tensor activations, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, NormSettings settings,
        Tensor? addend = null)
    {
        var channels = activations.shape[1];
        if (KernelMemory.IsSupported(activations, channels)
            && channels <= MostChannels
            && activations.numel() > channels // torch says what is wrong with a single pixel
            && (addend is null || (addend.dtype == activations.dtype && addend.shape.SequenceEqual(activations.shape)))
            && new[] { weight, bias, runningMean, runningVariance }.All(KernelMemory.IsPlain))
        {
            return Call(settings, activations, weight, bias, addend, runningMean, runningVariance);
        }

        using var scope = NewDisposeScope();
        var (training, momentum, epsilon, slope) = settings;
        var normalized = nn.functional.batch_norm(activations, runningMean, runningVariance, weight, bias, training, momentum, epsilon);
        var sum = addend is null ? normalized : normalized.add(addend, KeptScalars.One);
        return nn.functional.leaky_relu(sum, slope).MoveToOuterDisposeScope();
    }

    protected override (Tensor Result, Tensor[] Saved) Forward(NormSettings settings, Tensor?[] inputs, bool[] needsGrad)
    {
        var (weight, bias, addend, mean, variance) = (inputs[1]!, inputs[2]!, inputs[3], inputs[4]!, inputs[5]!);
        var input = KernelMemory.ToChannelsLast(inputs[0]!); // (N, H, W, C)
        var rows = input.numel() / input.shape[3];
        var statistics = settings.Training ? ChannelMoments.Of(input) : stack([mean, variance], 0).to(ScalarType.Float64);
        if (settings.Training)
        {
            ChannelNorm.Update(mean, variance, statistics, rows, settings.Momentum);
        }

        var norm = ChannelNorm.Prepare(statistics, weight, bias, settings.Epsilon); // (4, C)
        var (other, output) = (addend is null ? null : KernelMemory.ToChannelsLast(addend), empty_like(input));
        IKernel.Run(new BatchNormForward(input, other, norm, (float)settings.Slope, output), input.dtype, rows);

        // The sign before leaky ReLU follows from the input alone, or else is that of the result.
        return (KernelMemory.FromChannelsLast(output), addend is null ? [input, norm] : [input, norm, output]);
    }

    protected override Tensor?[] Gradients(NormSettings settings, List<Tensor> saved, Tensor gradient, bool[] needsGrad)
    {
        var (training, slope) = (settings.Training, (float)settings.Slope);
        var (input, norm, output) = (saved[0], saved[1], saved.ElementAtOrDefault(2));
        var (rows, channels) = (input.numel() / input.shape[3], input.shape[3]);
        gradient = KernelMemory.ToChannelsLast(gradient);
        var addendGradient = output is null ? null : empty_like(input);
        var sums = empty([ParallelRanges.Parts, 2, channels], ScalarType.Float64);
        IKernel.Run(new BatchNormSums(input, gradient, norm, slope, sums, output, addendGradient), input.dtype, rows);

        // Running statistics do not depend on the batch.
        var (weightGradient, biasGradient, means) = ChannelNorm.SumGradients(sums, norm, training ? rows : 0);
        var inputGradient = needsGrad[0] ? empty_like(input) : null;
        if (inputGradient is not null)
        {
            var (factored, left) = addendGradient is null ? (gradient, slope) : (addendGradient, 1);
            IKernel.Run(new BatchNormBackward(input, factored, norm, left, means, inputGradient), input.dtype, rows);
        }

        return [Images(inputGradient), weightGradient, biasGradient, Images(addendGradient)];

        static Tensor? Images(Tensor? rows) => rows is null ? null : KernelMemory.FromChannelsLast(rows);
    }
}

/// <summary>How batch norm works in a pass, and the slope of the leaky ReLU after it.</summary>
internal sealed record NormSettings(bool Training, double Momentum, double Epsilon, double Slope)
{
    /// <summary>Normalizes activations, adds others if there are any, and takes the leaky ReLU.</summary>
    public Tensor Apply(Tensor x, NormBase layer, Tensor? addend = null) =>
        BatchNormLeaky.Apply(x, layer.weight!, layer.bias!, layer.running_mean!, layer.running_var!, this, addend);
}
