using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The maximum of a 2 x 2 window and zero, and which of the four it came from.</summary>
internal static unsafe class PoolWindow
{
    /// <summary>The winner's number where no activation is above zero, so that no gradient flows.</summary>
    public const uint NoWinner = 4;

    /// <summary>Takes the maximum of four activations and zero; the first of equals wins and NaN stays NaN, as in libtorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Maximum(
        Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3, out Vector256<uint> winner)
    {
        var best = a0;
        winner = Vector256<uint>.Zero;
        Challenge(a1, 1, ref best, ref winner);
        Challenge(a2, 2, ref best, ref winner);
        Challenge(a3, 3, ref best, ref winner);

        var dead = Vector256.LessThanOrEqual(best, Vector256<float>.Zero);
        winner = Vector256.ConditionalSelect(dead.AsUInt32(), Vector256.Create(NoWinner), winner);
        return Vector256.AndNot(best, dead);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWinners(Vector256<uint> low, Vector256<uint> high, byte* destination)
    {
        var shorts = Vector256.Narrow(low, high);
        Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<uint> Low, Vector256<uint> High) LoadWinners(byte* source)
    {
        var (first, second) = Vector128.Widen(Vector128.Load(source));
        var (w0, w1) = Vector128.Widen(first);
        var (w2, w3) = Vector128.Widen(second);
        return (Vector256.Create(w0, w1), Vector256.Create(w2, w3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Keep(Vector256<float> gradient, Vector256<uint> winner, uint number) =>
        gradient & Vector256.Equals(winner, Vector256.Create(number)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Challenge(Vector256<float> value, uint number, ref Vector256<float> best, ref Vector256<uint> winner)
    {
        var wins = Vector256.GreaterThan(value, best) | ~Vector256.Equals(value, value);
        best = Vector256.ConditionalSelect(wins, value, best);
        winner = Vector256.ConditionalSelect(wins.AsUInt32(), Vector256.Create(number), winner);
    }
}

/// <summary>The sizes of a batch of channels-last activations that are about to be pooled 2 x 2.</summary>
internal readonly record struct PooledSize(int Height, int Width, int Channels)
{
    public int PooledHeight { get; } = Height / 2;
    public int PooledWidth { get; } = Width / 2;

    public long WindowOffset(int row, int column)
    {
        var image = row / PooledHeight;
        var inputRow = ((long)image * Height) + (2 * (row - (image * PooledHeight)));
        return ((inputRow * Width) + (2 * column)) * Channels;
    }
}
