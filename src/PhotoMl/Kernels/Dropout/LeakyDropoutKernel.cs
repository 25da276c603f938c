using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>What the activations that dropout keeps are multiplied by.</summary>
internal readonly record struct LeakyFactors(float Positive, float Other);

/// <summary>Multiplies each activation by its factor: 0 where dropped, otherwise one factor above zero and another elsewhere.</summary>
/// <remarks>For the gradient two bits an element are kept, whether it is positive and whether it is kept: 1/16 of what float32 activations take.</remarks>
internal static unsafe class LeakyDropoutKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* input, float* output, uint* bits, DropoutMask mask, LeakyFactors factors, int start, int end)
    {
        var (above, below) = (Vector256.Create(factors.Positive), Vector256.Create(factors.Other));
        for (var block = start; block < end; block++)
        {
            var at = (long)block * Lanes16.Count;
            var indices = Vector256.Create((uint)at) + Vector256<uint>.Indices;
            var (lowKept, highKept) = (mask.Keeps(indices), mask.Keeps(indices + Vector256.Create(8u)));
            var (low, high) = Lanes16.Load(input + at);
            var lowPositive = Vector256.GreaterThan(low, Vector256<float>.Zero);
            var highPositive = Vector256.GreaterThan(high, Vector256<float>.Zero);
            var lowFactor = Vector256.ConditionalSelect(lowPositive, above, below) & lowKept.AsSingle();
            var highFactor = Vector256.ConditionalSelect(highPositive, above, below) & highKept.AsSingle();
            Lanes16.Store(low * lowFactor, high * highFactor, output + at);
            if (bits != null)
            {
                bits[block] = lowPositive.ExtractMostSignificantBits() | (highPositive.ExtractMostSignificantBits() << 8)
                    | (lowKept.ExtractMostSignificantBits() << 16) | (highKept.ExtractMostSignificantBits() << 24);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* gradient, uint* bits, float* result, LeakyFactors factors, int start, int end)
    {
        var (above, below) = (Vector256.Create(factors.Positive), Vector256.Create(factors.Other));
        for (var block = start; block < end; block++)
        {
            var at = (long)block * Lanes16.Count;
            var all = Vector256.Create(bits[block]);
            var lowFactor = Vector256.ConditionalSelect(Lanes(all, 1u), above, below) & Lanes(all, 1u << 16);
            var highFactor = Vector256.ConditionalSelect(Lanes(all, 1u << 8), above, below) & Lanes(all, 1u << 24);
            var (low, high) = Lanes16.Load(gradient + at);
            Lanes16.Store(low * lowFactor, high * highFactor, result + at);
        }
    }

    // All bits of the lanes whose bit is set, of the eight bits from a first one on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Lanes(Vector256<uint> bits, uint first)
    {
        var own = Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128) * first;
        return Vector256.Equals(bits & own, own).AsSingle();
    }
}
