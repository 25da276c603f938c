using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>Leaky ReLU and dropout as one operator with its gradient.</summary>
/// <remarks>
/// An activation x becomes x * f, with f = 0 where it is dropped, otherwise 1 / (1 - rate) for x &gt; 0 and slope / (1 - rate) elsewhere.
/// What is dropped depends on the seed and the element's index in (N, H, W, C) only, not on threads or device.
/// </remarks>
internal sealed unsafe class LeakyDropout : autograd.SingleTensorFunction<LeakyDropout>
{
    public override string Name => nameof(LeakyDropout);

    public static Tensor Apply(Tensor activations, double slope, double rate, long seed, bool isTwiceDifferentiable = false)
    {
        if (rate is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "The share of activations to drop must be in [0, 1).");
        }

        var mask = new DropoutMask(rate, seed);
        var factors = new LeakyFactors((float)(1 / (1 - rate)), (float)(slope / (1 - rate)));
        if (isTwiceDifferentiable
            || activations.dtype != ScalarType.Float32
            || !KernelMemory.IsSupported(activations, activations.shape[1]))
        {
            return Compose(activations, mask, factors);
        }

        return is_grad_enabled() && activations.requires_grad
            ? apply(activations, mask, factors)
            : Multiply(activations, bits: null, mask, factors);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var activations = (Tensor)vars[0];
        var bits = empty(activations.numel() / Lanes16.Count, ScalarType.Int32);
        ctx.save_for_backward([bits]);
        ctx.save_data(nameof(LeakyFactors), vars[2]);
        return Multiply(activations, bits, (DropoutMask)vars[1], (LeakyFactors)vars[2]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var factors = (LeakyFactors)ctx.get_data(nameof(LeakyFactors));
        var gradient = KernelMemory.ToChannelsLast(grad_output); // (N, H, W, C)
        var result = empty_like(gradient);
        var from = KernelMemory.Pointer<float>(gradient);
        var bits = KernelMemory.Pointer<uint>(ctx.get_saved_variables()[0]);
        var to = KernelMemory.Pointer<float>(result);
        ParallelRanges.For((int)(gradient.numel() / Lanes16.Count), ParallelRanges.Parts, (_, start, end) =>
            LeakyDropoutKernel.Backward(from, bits, to, factors, start, end));
        return [KernelMemory.FromChannelsLast(result).MoveToOuterDisposeScope(), null!, null!];
    }

    private static Tensor Compose(Tensor activations, DropoutMask mask, LeakyFactors factors)
    {
        using var scope = NewDisposeScope();
        var shape = activations.shape;
        var kept = KernelMemory.FromChannelsLast(mask.ToTensor(shape[0], shape[2], shape[3], shape[1])).to(activations.device);
        var each = where(activations.detach().gt(0), factors.Positive, factors.Other) * kept;
        return (activations * each).to(activations.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor Multiply(Tensor activations, Tensor? bits, DropoutMask mask, LeakyFactors factors)
    {
        using var input = KernelMemory.ToChannelsLast(activations); // (N, H, W, C)
        using var output = empty_like(input);
        var from = KernelMemory.Pointer<float>(input);
        var to = KernelMemory.Pointer<float>(output);
        var taken = bits is null ? null : KernelMemory.Pointer<uint>(bits);
        ParallelRanges.For((int)(input.numel() / Lanes16.Count), ParallelRanges.Parts, (_, start, end) =>
            LeakyDropoutKernel.Forward(from, to, taken, mask, factors, start, end));
        return KernelMemory.FromChannelsLast(output);
    }
}
