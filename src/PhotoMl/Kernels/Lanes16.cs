using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PhotoMl.Kernels;

/// <summary>Sixteen activations in float32: one vector where the processor has vectors of 512 bits, else two of 256 bits.</summary>
internal readonly unsafe struct Lanes16(Vector512<float> all)
{
    public const int Count = 16;

    public readonly Vector512<float> All = all;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator +(Lanes16 x, Lanes16 y) => new(x.All + y.All);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator -(Lanes16 x, Lanes16 y) => new(x.All - y.All);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator *(Lanes16 x, Lanes16 y) => new(x.All * y.All);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator *(Lanes16 x, float y) => new(x.All * y);

    /// <summary>x * y + z, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAdd(Lanes16 x, Lanes16 y, Lanes16 z) => new(Vector512.FusedMultiplyAdd(x.All, y.All, z.All));

    /// <summary>x * y + z with the same x for all, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAdd(float x, Lanes16 y, Lanes16 z) =>
        new(Vector512.FusedMultiplyAdd(Vector512.Create(x), y.All, z.All));

    /// <summary>Reads sixteen activations of float32 (<c>float</c>) or bfloat16 (<c>ushort</c>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Load<T>(T* source)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return new(Vector512.Load((float*)source));
        }

        // A bfloat16 is the upper half of a float32.
        var halves = Vector256.Load((ushort*)source);
        if (Avx512F.IsSupported)
        {
            return new((Avx512F.ConvertToVector512UInt32(halves) << 16).AsSingle());
        }

        var (low, high) = Vector256.Widen(halves);
        return new(Vector512.Create(low << 16, high << 16).AsSingle());
    }

    /// <summary>Writes sixteen activations, to bfloat16 by rounding to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T* destination)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            All.Store((float*)destination);
        }
        else if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256UInt16(Rounded).Store((ushort*)destination);
        }
        else
        {
            Vector256.Narrow(Rounded.GetLower(), Rounded.GetUpper()).Store((ushort*)destination);
        }
    }

    private Vector512<uint> Rounded
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var bits = All.AsUInt32();
            var rounded = (bits + Vector512.Create(0x7fffu) + ((bits >> 16) & Vector512.Create(1u))) >> 16;

            // Rounding up could carry a NaN over into another number.
            return Vector512.ConditionalSelect(Vector512.Equals(All, All).AsUInt32(), rounded, Vector512.Create(0x7fc0u));
        }
    }
}
