using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The transforms of F(4, 3): four results of a filter of three taps by six products instead of twelve.</summary>
internal readonly struct WinogradTile4 : IWinogradTile
{
    public static int Side => 4;

    public static float[] Filter =>
    [
        1f / 4, 0, 0,
        -1f / 6, -1f / 6, -1f / 6,
        -1f / 6, 1f / 6, -1f / 6,
        1f / 24, 1f / 12, 1f / 6,
        1f / 24, -1f / 12, 1f / 6,
        0, 0, 1,
    ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (d0, d1, d2, d3, d4, d5) = (from[0], from[1], from[2], from[3], from[4], from[5]);
        var (a, b, c, e) = (d4 - (d2 * 4), d3 - (d1 * 4), d4 - d2, (d3 - d1) * 2);
        to[0] = (d0 * 4) - (d2 * 5) + d4;
        to[1] = a + b;
        to[2] = a - b;
        to[3] = c + e;
        to[4] = c - e;
        to[5] = (d1 * 4) - (d3 * 5) + d5;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (m1, m2, m3, m4) = (from[1], from[2], from[3], from[4]);
        var (s, d, p, q) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4);
        to[0] = from[0] + s + p;
        to[1] = d + (q * 2);
        to[2] = s + (p * 4);
        to[3] = d + (q * 8) + from[5];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (y0, y1, y2, y3) = (from[0], from[1], from[2], from[3]);
        var (even, odd, evenTwice, oddTwice) = (y0 + y2, y1 + y3, y0 + (y2 * 4), (y1 * 2) + (y3 * 8));
        to[0] = y0;
        to[1] = even + odd;
        to[2] = even - odd;
        to[3] = evenTwice + oddTwice;
        to[4] = evenTwice - oddTwice;
        to[5] = y3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (v0, v1, v2, v3, v4, v5) = (from[0], from[1], from[2], from[3], from[4], from[5]);
        var (s, d, p, q) = (v1 + v2, v2 - v1, v3 + v4, (v4 - v3) * 2);
        to[0] = v0 * 4;
        to[1] = (d * 4) + q + (v5 * 4);
        to[2] = Vector512<float>.Zero - (v0 * 5) - (s * 4) - p;
        to[3] = Vector512<float>.Zero - d - q - (v5 * 5);
        to[4] = v0 + s + p;
        to[5] = v5;
    }
}
