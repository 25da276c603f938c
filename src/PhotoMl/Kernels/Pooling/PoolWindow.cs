using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The maximum of a window and zero, and which activation of the window it came from.</summary>
internal static unsafe class PoolWindow
{
    // The winner's number where no activation is above zero, so that no gradient flows.
    private const int NoWinner = 9;

    /// <summary>Writes the maximum of a window and zero, and the number of the winner if that is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(Vector512<float> best, Vector512<int> winner, T* output, byte* winners, long at)
        where T : unmanaged
    {
        var isDead = Vector512.LessThanOrEqual(best, Vector512<float>.Zero);
        Vector512.AndNot(best, isDead).StoreAs(output + at);
        if (winners != null)
        {
            Lanes16.StoreBytes(Vector512.ConditionalSelect(isDead.AsInt32(), Vector512.Create(NoWinner), winner), winners + at);
        }
    }

    /// <summary>The maximum of a window of four and zero; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MaximumOrZero(Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, Vector512<float> a3) =>
        Vector512.Max(Vector512.Max(Vector512.Max(a0, a1), Vector512.Max(a2, a3)), Vector512<float>.Zero);

    /// <summary>Writes which of a window of four the maximum is, the first of equals; of NaN the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteWinner(Vector512<float> best, Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, byte* winner)
    {
        var place = Vector512.ConditionalSelect(Vector512.Equals(a2, best).AsInt32(), Vector512.Create(2), Vector512.Create(3));
        place = Vector512.ConditionalSelect(Vector512.Equals(a1, best).AsInt32(), Vector512.Create(1), place);
        place = Vector512.ConditionalSelect(Vector512.Equals(a0, best).AsInt32(), Vector512<int>.Zero, place);
        var isDead = Vector512.LessThanOrEqual(best, Vector512<float>.Zero).AsInt32();
        Lanes16.StoreBytes(Vector512.ConditionalSelect(isDead, Vector512.Create(NoWinner), place), winner);
    }

    /// <summary>The gradient where a number is the winner's, zero elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Keep(Vector512<float> gradient, Vector512<int> winner, int number) =>
        gradient & Vector512.Equals(winner, Vector512.Create(number)).AsSingle();

    /// <summary>Takes one more activation of the window. The first of equals wins and NaN stays NaN, as in libtorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Challenge(Vector512<float> value, int number, ref Vector512<float> best, ref Vector512<int> winner)
    {
        var wins = Vector512.GreaterThan(value, best) | ~Vector512.Equals(value, value);
        best = Vector512.ConditionalSelect(wins, value, best);
        winner = Vector512.ConditionalSelect(wins.AsInt32(), Vector512.Create(number), winner);
    }
}

/// <summary>The sizes of a batch of channels-last activations that are about to be pooled, by windows of 2 x 2, or of 3 x 3 with a padding
/// of 1; the stride is 2.</summary>
internal readonly record struct PooledSize(long Images, int Height, int Width, int Channels, int Window = 2)
{
    public int Padding => Window - 2;
    public int PooledHeight { get; } = (Height + Window - 2) / 2;
    public int PooledWidth { get; } = (Width + Window - 2) / 2;

    /// <summary>Makes the pooled activations, and the numbers of the winners where they are needed.</summary>
    public (Tensor Pooled, Tensor? Winners) Empty(ScalarType dtype, bool hasWinners)
    {
        long[] shape = [Images, PooledHeight, PooledWidth, Channels];
        return (empty(shape, dtype), hasWinners ? empty(shape, ScalarType.Byte) : null);
    }

    /// <summary>The first and the last pixel of a window along an axis.</summary>
    public (int First, int Last) PixelsOf(int window, int length) =>
        (Math.Max(0, (2 * window) - Padding), Math.Min(length, (2 * window) - Padding + Window) - 1);

    /// <summary>The number of a pixel within a window.</summary>
    public int PlaceOf(int y, int windowY, int x, int windowX) =>
        ((y - (2 * windowY) + Padding) * Window) + x - (2 * windowX) + Padding;
}
