using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The transforms of F(5, 3): five results of a filter of three taps by seven products instead of fifteen.</summary>
/// <remarks>Its points are those of F(4, 3) and 1 / 2. All its polynomials but that of 1 / 2 have the factor 2 x - 1, and what is left of
/// them are those of F(4, 3). In float32 the error is six times that of the plain sum, where that of F(4, 3) is four times.</remarks>
internal readonly struct WinogradTile5 : IWinogradTile
{
    public static int Side => 5;

    public static float[] Filter =>
    [
        -1f / 4, 0, 0,
        -1f / 6, -1f / 6, -1f / 6,
        1f / 18, -1f / 18, 1f / 18,
        1f / 72, 1f / 36, 1f / 18,
        -1f / 120, 1f / 60, -1f / 30,
        32f / 45, 16f / 45, 8f / 45,
        0, 0, 1f / 2,
    ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (d1, d3, d5) = (from[1], from[3], from[5]);
        var (d2, d4, d6) = (from[2], from[4], from[6]);
        var (e0, e1, e2) = ((d1 * 2) - from[0], (d2 * 2) - d1, (d3 * 2) - d2);
        var (e3, e4, e5) = ((d4 * 2) - d3, (d5 * 2) - d4, (d6 * 2) - d5);
        var (a, b, c, e) = (e4 - (e2 * 4), e3 - (e1 * 4), e4 - e2, (e3 - e1) * 2);
        to[0] = (e0 * 4) - (e2 * 5) + e4;
        to[1] = a + b;
        to[2] = a - b;
        to[3] = c + e;
        to[4] = c - e;
        to[5] = (d1 * 4) - (d3 * 5) + d5;
        to[6] = (e1 * 4) - (e3 * 5) + e5;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (m1, m2, m3, m4, m5) = (from[1], from[2], from[3], from[4], from[5]);
        var (s, d, p, q) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4);
        to[0] = from[0] + s + p + m5;
        to[1] = d + (q * 2) + (m5 * (1f / 2));
        to[2] = s + (p * 4) + (m5 * (1f / 4));
        to[3] = d + (q * 8) + (m5 * (1f / 8));
        to[4] = s + (p * 16) + (m5 * (1f / 16)) + from[6];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (y0, y1, y2, y3, y4) = (from[0], from[1], from[2], from[3], from[4]);
        var (even, odd) = (y0 + y2 + y4, y1 + y3);
        var (evenTwice, oddTwice) = (y0 + (y2 * 4) + (y4 * 16), (y1 * 2) + (y3 * 8));
        to[0] = y0;
        to[1] = even + odd;
        to[2] = even - odd;
        to[3] = evenTwice + oddTwice;
        to[4] = evenTwice - oddTwice;
        to[5] = y0 + (y1 * (1f / 2)) + (y2 * (1f / 4)) + (y3 * (1f / 8)) + (y4 * (1f / 16));
        to[6] = y4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (v0, v1, v2, v3, v4, v5, v6) = (from[0], from[1], from[2], from[3], from[4], from[5], from[6]);
        var (s, d, p, q) = (v1 + v2, v2 - v1, v3 + v4, (v4 - v3) * 2);
        var (e0, e1, e2) = (v0 * 4, (d * 4) + q + (v6 * 4), (v0 * 5) + (s * 4) + p); // the third is negative
        var (e3, e4) = (d + q + (v6 * 5), v0 + s + p); // the fourth too
        to[0] = Vector512<float>.Zero - e0;
        to[1] = (e0 * 2) - e1 + (v5 * 4);
        to[2] = (e1 * 2) + e2;
        to[3] = e3 - (e2 * 2) - (v5 * 5);
        to[4] = Vector512<float>.Zero - (e3 * 2) - e4;
        to[5] = (e4 * 2) - v6 + v5;
        to[6] = v6 * 2;
    }
}
