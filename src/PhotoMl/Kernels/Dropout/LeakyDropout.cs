using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Leaky ReLU and dropout as one operator with its gradient.</summary>
/// <remarks>
/// An activation x becomes x * f, with f = 0 where it is dropped, otherwise 1 / (1 - rate) for x &gt; 0 and slope / (1 - rate) elsewhere.
/// What is dropped depends on the seed and the element's index in (N, H, W, C) only, not on threads or device. For the gradient two bits
/// an element are kept, whether it is positive and whether it is kept: 1/16 of what float32 activations take.
/// </remarks>
internal sealed unsafe class LeakyDropout : KernelFunction<LeakyDropout, LeakyDropout.Settings>
{
    public static Tensor Apply(Tensor activations, double slope, double rate, long seed, bool isTwiceDifferentiable = false)
    {
        if (rate is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "The share of activations to drop must be in [0, 1).");
        }

        var settings = new Settings(new DropoutMask(rate, seed), (float)(1 / (1 - rate)), (float)(slope / (1 - rate)));
        return isTwiceDifferentiable
            || activations.dtype != ScalarType.Float32
            || !KernelMemory.IsSupported(activations, activations.shape[1])
            ? Compose(activations, settings)
            : Call(settings, activations);
    }

    protected override (Tensor Result, Tensor[] Saved) Forward(Settings settings, Tensor?[] inputs, bool[] needsGrad)
    {
        var input = KernelMemory.ToChannelsLast(inputs[0]!); // (N, H, W, C)
        var bits = empty(input.numel() / Lanes16.Count, ScalarType.Int32);
        return (Multiply(input, bits, settings, isForward: true), [bits]);
    }

    protected override Tensor?[] Gradients(Settings settings, List<Tensor> saved, Tensor gradient, bool[] needsGrad) =>
        [Multiply(KernelMemory.ToChannelsLast(gradient), saved[0], settings, isForward: false)];

    private static Tensor Compose(Tensor activations, Settings settings)
    {
        using var scope = NewDisposeScope();
        var shape = activations.shape;
        var kept = KernelMemory.FromChannelsLast(settings.Mask.ToTensor(shape[0], shape[2], shape[3], shape[1])).to(activations.device);
        var each = where(activations.detach().gt(0), settings.Positive, settings.Other) * kept;
        return (activations * each).to(activations.dtype).MoveToOuterDisposeScope();
    }

    // The forward pass writes the bits, the backward pass reads them.
    private static Tensor Multiply(Tensor input, Tensor bits, Settings settings, bool isForward)
    {
        var output = empty_like(input);
        var from = KernelMemory.Pointer<float>(input);
        var taken = KernelMemory.Pointer<uint>(bits);
        var to = KernelMemory.Pointer<float>(output);
        ParallelRanges.For((int)bits.numel(), (_, start, end) => Multiply(from, taken, to, settings, isForward, start, end));
        return KernelMemory.FromChannelsLast(output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* input, uint* bits, float* output, Settings settings, bool isForward, int start, int end)
    {
        var (mask, above, below) = (settings.Mask, Vector512.Create(settings.Positive), Vector512.Create(settings.Other));
        for (var block = start; block < end; block++)
        {
            var at = (long)block * Lanes16.Count;
            var x = Lanes16.Load(input + at);
            if (isForward)
            {
                bits[block] = (uint)Vector512.GreaterThan(x, Vector512<float>.Zero).ExtractMostSignificantBits()
                    | ((uint)mask.Keeps((uint)at).ExtractMostSignificantBits() << 16);
            }

            var all = Vector512.Create(bits[block]);
            var factor = Vector512.ConditionalSelect(Lanes(all, 1u), above, below) & Lanes(all, 1u << 16);
            (x * factor).Store(output + at);
        }
    }

    // All bits of the lanes whose bit is set, of the sixteen bits from a first one on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Lanes(Vector512<uint> bits, uint first)
    {
        var own = Vector512.Create(1u, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768) * first;
        return Vector512.Equals(bits & own, own).AsSingle();
    }

    /// <summary>Which activations are kept, and what these are multiplied by.</summary>
    internal sealed record Settings(DropoutMask Mask, float Positive, float Other);
}
