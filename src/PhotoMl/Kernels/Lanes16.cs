using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Sixteen activations at a time, as two vectors of float32, from and to float32 or bfloat16 memory.</summary>
internal static unsafe class Lanes16
{
    public const int Count = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Low, Vector256<float> High) Load<T>(T* source)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return (Vector256.Load((float*)source), Vector256.Load((float*)source + 8));
        }

        // A bfloat16 is the upper half of a float32.
        var (low, high) = Vector256.Widen(Vector256.Load((ushort*)source));
        return ((low << 16).AsSingle(), (high << 16).AsSingle());
    }

    /// <summary>Writes sixteen activations, to bfloat16 by rounding to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector256<float> low, Vector256<float> high, T* destination)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            low.Store((float*)destination);
            high.Store((float*)destination + 8);
        }
        else
        {
            Vector256.Narrow(Round(low), Round(high)).Store((ushort*)destination);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Round(Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7fffu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;

        // Rounding up could carry a NaN over into another number.
        var isNumber = Vector256.Equals(value, value).AsUInt32();
        return Vector256.ConditionalSelect(isNumber, rounded, Vector256.Create(0x7fc0u));
    }
}
