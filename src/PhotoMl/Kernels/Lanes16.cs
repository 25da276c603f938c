using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Sixteen activations, as two vectors of float32.</summary>
internal readonly unsafe struct Lanes16(Vector256<float> low, Vector256<float> high)
{
    public const int Count = 16;

    public readonly Vector256<float> Low = low;
    public readonly Vector256<float> High = high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator +(Lanes16 x, Lanes16 y) => new(x.Low + y.Low, x.High + y.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator -(Lanes16 x, Lanes16 y) => new(x.Low - y.Low, x.High - y.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator *(Lanes16 x, Lanes16 y) => new(x.Low * y.Low, x.High * y.High);

    /// <summary>x * y + z, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAdd(Lanes16 x, Lanes16 y, Lanes16 z) =>
        new(Vector256.FusedMultiplyAdd(x.Low, y.Low, z.Low), Vector256.FusedMultiplyAdd(x.High, y.High, z.High));

    /// <summary>x * y + z with the same x for all, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAdd(float x, Lanes16 y, Lanes16 z)
    {
        var all = Vector256.Create(x);
        return new(Vector256.FusedMultiplyAdd(all, y.Low, z.Low), Vector256.FusedMultiplyAdd(all, y.High, z.High));
    }

    /// <summary>Reads sixteen activations of float32 (<c>float</c>) or bfloat16 (<c>ushort</c>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Load<T>(T* source)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return new(Vector256.Load((float*)source), Vector256.Load((float*)source + 8));
        }

        // A bfloat16 is the upper half of a float32.
        var (low, high) = Vector256.Widen(Vector256.Load((ushort*)source));
        return new((low << 16).AsSingle(), (high << 16).AsSingle());
    }

    /// <summary>Writes sixteen activations, to bfloat16 by rounding to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T* destination)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Low.Store((float*)destination);
            High.Store((float*)destination + 8);
        }
        else
        {
            Vector256.Narrow(Round(Low), Round(High)).Store((ushort*)destination);
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
