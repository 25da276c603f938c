using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PhotoMl.Runtime;

/// <summary>Sixteen numbers of 32 bits: one vector where the processor has vectors of 512 bits, else two of 256 bits.</summary>
internal static unsafe class Lanes16
{
    public const int Count = 16;

    /// <summary>x * y + z with the same x for all, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(float x, Vector512<float> y, Vector512<float> z) =>
        Vector512.FusedMultiplyAdd(Vector512.Create(x), y, z);

    /// <summary>Reads sixteen activations of float32 (<c>float</c>) or bfloat16 (<c>ushort</c>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<T>(T* source)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return Vector512.Load((float*)source);
        }

        // A bfloat16 is the upper half of a float32.
        var halves = Vector256.Load((ushort*)source);
        if (Avx512F.IsSupported)
        {
            return (Avx512F.ConvertToVector512UInt32(halves) << 16).AsSingle();
        }

        var (low, high) = Vector256.Widen(halves);
        return Vector512.Create(low << 16, high << 16).AsSingle();
    }

    /// <summary>Reads sixteen numbers from 0 to 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadBytes(byte* source)
    {
        var bytes = Vector128.Load(source);
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Int32(bytes);
        }

        var (low, high) = Vector256.Widen(Vector256.WidenLower(bytes.ToVector256Unsafe()).AsInt16());
        return Vector512.Create(low, high);
    }

    /// <summary>Writes sixteen numbers from 0 to 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<int> numbers, byte* destination)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(numbers).Store(destination);
            return;
        }

        var shorts = Vector256.Narrow(numbers.GetLower(), numbers.GetUpper());
        Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).AsByte().Store(destination);
    }

    /// <summary>Writes sixteen activations, to bfloat16 by rounding to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreAs<T>(this Vector512<float> values, T* destination)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            values.Store((float*)destination);
        }
        else if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256UInt16(Rounded(values)).Store((ushort*)destination);
        }
        else
        {
            var rounded = Rounded(values);
            Vector256.Narrow(rounded.GetLower(), rounded.GetUpper()).Store((ushort*)destination);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rounded(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7fffu) + ((bits >> 16) & Vector512.Create(1u))) >> 16;

        // Rounding up could carry a NaN over into another number.
        return Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, Vector512.Create(0x7fc0u));
    }
}
