using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The maximum of a 2 x 2 window and zero, and which of the four it came from.</summary>
internal static unsafe class PoolWindow
{
    // The winner's number where no activation is above zero, so that no gradient flows.
    private const float NoWinner = 4;

    /// <summary>Writes the maximum of four activations and zero, and the number of the winner if that is kept.</summary>
    /// <remarks>The first of equals wins and NaN stays NaN, as in libtorch.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pool<T>(Lanes16 a0, Lanes16 a1, Lanes16 a2, Lanes16 a3, T* output, byte* winners, long at)
        where T : unmanaged
    {
        var low = Maximum(a0.Low, a1.Low, a2.Low, a3.Low, out var lowWinner);
        var high = Maximum(a0.High, a1.High, a2.High, a3.High, out var highWinner);
        new Lanes16(low, high).Store(output + at);
        if (winners != null)
        {
            var shorts = Vector256.Narrow(Vector256.ConvertToInt32Native(lowWinner), Vector256.ConvertToInt32Native(highWinner));
            Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).AsByte().Store(winners + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 LoadWinners(byte* source)
    {
        var (low, high) = Vector256.Widen(Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()).AsInt16());
        return new(Vector256.ConvertToSingle(low), Vector256.ConvertToSingle(high));
    }

    /// <summary>The gradient where a number is the winner's, zero elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Keep(Lanes16 gradient, Lanes16 winner, float number)
    {
        var all = Vector256.Create(number);
        return new(gradient.Low & Vector256.Equals(winner.Low, all), gradient.High & Vector256.Equals(winner.High, all));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Maximum(
        Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3, out Vector256<float> winner)
    {
        var best = a0;
        winner = Vector256<float>.Zero;
        Challenge(a1, 1, ref best, ref winner);
        Challenge(a2, 2, ref best, ref winner);
        Challenge(a3, 3, ref best, ref winner);

        var dead = Vector256.LessThanOrEqual(best, Vector256<float>.Zero);
        winner = Vector256.ConditionalSelect(dead, Vector256.Create(NoWinner), winner);
        return Vector256.AndNot(best, dead);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Challenge(Vector256<float> value, float number, ref Vector256<float> best, ref Vector256<float> winner)
    {
        var wins = Vector256.GreaterThan(value, best) | ~Vector256.Equals(value, value);
        best = Vector256.ConditionalSelect(wins, value, best);
        winner = Vector256.ConditionalSelect(wins, Vector256.Create(number), winner);
    }
}

/// <summary>The sizes of a batch of channels-last activations that are about to be pooled 2 x 2.</summary>
internal readonly record struct PooledSize(long Images, int Height, int Width, int Channels)
{
    public int PooledHeight { get; } = Height / 2;
    public int PooledWidth { get; } = Width / 2;

    /// <summary>Makes the pooled activations, and the numbers of the winners where they are needed.</summary>
    public (Tensor Pooled, Tensor? Winners) Empty(ScalarType dtype, bool hasWinners)
    {
        long[] shape = [Images, PooledHeight, PooledWidth, Channels];
        return (empty(shape, dtype), hasWinners ? empty(shape, ScalarType.Byte) : null);
    }

    public long WindowOffset(int row, int column)
    {
        var image = row / PooledHeight;
        var inputRow = ((long)image * Height) + (2 * (row - (image * PooledHeight)));
        return ((inputRow * Width) + (2 * column)) * Channels;
    }
}
