using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>Batch norm over (N, H, W), the sum with other activations if there are any, and leaky ReLU, with its gradient.</summary>
/// <remarks>
/// S. Ioffe, C. Szegedy, "Batch Normalization", 2015, with PyTorch's conventions: the batch is normalised by its biased variance,
/// and the running variance takes the unbiased one. The sum is the end of a residual block.
/// </remarks>
internal sealed class BatchNormLeaky : autograd.SingleTensorFunction<BatchNormLeaky>
{
    private const int MostChannels = 2048; // the kernels keep two numbers a channel on the stack

    public override string Name => nameof(BatchNormLeaky);

    public static Tensor Apply(
        Tensor activations, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, bool training, double momentum,
        double epsilon, double slope, Tensor? addend = null)
    {
        using var scope = NewDisposeScope(); // what the graph does not keep of a pass ends with it
        var channels = activations.shape[1];
        if (!KernelMemory.IsSupported(activations, channels)
            || channels > MostChannels
            || activations.numel() <= channels // torch says what is wrong with a single pixel
            || (addend is not null && (addend.dtype != activations.dtype || !addend.shape.SequenceEqual(activations.shape)))
            || !new[] { weight, bias, runningMean, runningVariance }.All(KernelMemory.IsPlain))
        {
            var normalized = nn.functional.batch_norm(activations, runningMean, runningVariance, weight, bias, training, momentum, epsilon);
            return nn.functional.leaky_relu(addend is null ? normalized : normalized.add(addend), slope).MoveToOuterDisposeScope();
        }

        var needs = NeedsGrad.Of(activations, weight, bias);
        var settings = new Settings(training, momentum, epsilon, (float)slope, needs.Input);
        var result = needs.Any || (is_grad_enabled() && addend is { requires_grad: true })
            ? apply(activations, weight, bias, runningMean, runningVariance, settings, addend!)
            : Normalize(KernelMemory.ToChannelsLast(activations), weight, bias, runningMean, runningVariance, settings, addend).Result;
        return result.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (settings, addend) = ((Settings)vars[5], (Tensor?)vars[6]);
        var input = KernelMemory.ToChannelsLast((Tensor)vars[0]); // (N, H, W, C)
        var (norm, result) = Normalize(input, (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (Tensor)vars[4], settings, addend);
        input.MoveToOuterDisposeScope();
        norm.MoveToOuterDisposeScope();

        // The sign before leaky ReLU follows from the input alone, or else is that of the result.
        var sign = addend is null ? null : KernelMemory.ToChannelsLast(result).MoveToOuterDisposeScope();
        ctx.save_for_backward(sign is null ? [input, norm] : [input, norm, sign]);
        ctx.save_data(nameof(Settings), settings);
        return result.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var (saved, settings) = (ctx.get_saved_variables(), (Settings)ctx.get_data(nameof(Settings)));
        var (input, norm, output, slope) = (saved[0], saved[1], saved.Count > 2 ? saved[2] : null, settings.Slope);
        var gradient = KernelMemory.ToChannelsLast(grad_output);
        var (rows, channels) = (input.numel() / input.shape[3], input.shape[3]);
        var addendGradient = output is null ? null : empty_like(input);
        var sums = empty([ParallelRanges.Parts, 2, channels], ScalarType.Float64);
        IKernel.Run(new BatchNormSums(input, gradient, norm, slope, sums, output, addendGradient), input.dtype, rows);

        // Running statistics do not depend on the batch.
        var (weightGradient, biasGradient, means) = ChannelNorm.SumGradients(sums, norm, settings.Training ? rows : 0);
        Tensor? inputGradient = null;
        if (settings.NeedsInputGrad)
        {
            inputGradient = empty_like(input);
            var (factored, left) = addendGradient is null ? (gradient, slope) : (addendGradient, 1);
            IKernel.Run(new BatchNormBackward(input, factored, norm, left, means, inputGradient), input.dtype, rows);
        }

        return
        [
            inputGradient is null ? null! : KernelMemory.FromChannelsLast(inputGradient).MoveToOuterDisposeScope(),
            weightGradient.MoveToOuterDisposeScope(),
            biasGradient.MoveToOuterDisposeScope(),
            null!,
            null!,
            null!,
            addendGradient is null ? null! : KernelMemory.FromChannelsLast(addendGradient).MoveToOuterDisposeScope(),
        ];
    }

    // What the channels are normalised by, (4, C), and the result, (N, C, H, W).
    private static (Tensor Norm, Tensor Result) Normalize(
        Tensor input, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, Settings settings, Tensor? addend)
    {
        var rows = input.numel() / input.shape[3];
        Tensor statistics;
        if (settings.Training)
        {
            statistics = ChannelMoments.Of(input);
            ChannelNorm.Update(runningMean, runningVariance, statistics, rows, settings.Momentum);
        }
        else
        {
            statistics = stack([runningMean, runningVariance], 0).to(ScalarType.Float64);
        }

        var norm = ChannelNorm.Prepare(statistics, weight, bias, settings.Epsilon);
        var output = empty_like(input);
        var other = addend is null ? null : KernelMemory.ToChannelsLast(addend);
        IKernel.Run(new BatchNormForward(input, other, norm, settings.Slope, output), input.dtype, rows);
        return (norm, KernelMemory.FromChannelsLast(output));
    }

    private sealed record Settings(bool Training, double Momentum, double Epsilon, float Slope, bool NeedsInputGrad);
}
