using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The transforms of F(3, 3): three results of a filter of three taps by five products instead of nine.</summary>
internal readonly struct WinogradTile3 : IWinogradTile
{
    public static int Side => 3;

    public static float[] Filter =>
    [
        1f / 2, 0, 0,
        -1f / 2, -1f / 2, -1f / 2,
        -1f / 6, 1f / 6, -1f / 6,
        1f / 6, 1f / 3, 2f / 3,
        0, 0, 1,
    ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (d0, d1, d2, d3, d4) = (from[0], from[1], from[2], from[3], from[4]);
        var c = d3 - d1;
        to[0] = ((d0 - d2) * 2) + c;
        to[1] = d3 - d2 - (d1 * 2);
        to[2] = d3 + (d1 * 2) - (d2 * 3);
        to[3] = c;
        to[4] = d4 - d2 - (c * 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (m1, m2, m3) = (from[1], from[2], from[3]);
        var (s, d) = (m1 + m2, m1 - m2);
        to[0] = from[0] + s + m3;
        to[1] = d + (m3 * 2);
        to[2] = s + (m3 * 4) + from[4];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (y0, y1, y2) = (from[0], from[1], from[2]);
        var even = y0 + y2;
        to[0] = y0;
        to[1] = even + y1;
        to[2] = even - y1;
        to[3] = y0 + (y1 * 2) + (y2 * 4);
        to[4] = y2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (v0, v1, v2, v3, v4) = (from[0], from[1], from[2], from[3], from[4]);
        var first = v0 * 2;
        to[0] = first;
        to[1] = ((v2 - v1 + v4) * 2) - v0 - v3;
        to[2] = Vector512<float>.Zero - first - v1 - (v2 * 3) - v4;
        to[3] = v0 + v1 + v2 + v3 - (v4 * 2);
        to[4] = v4;
    }
}
