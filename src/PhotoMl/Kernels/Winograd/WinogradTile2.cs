using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The transforms of F(2, 3): two results of a filter of three taps by four products instead of six, all by sums alone: in
/// bfloat16 the error is twice that of the plain sum, where F(3, 3) has seven and F(4, 3) twelve times as much.</summary>
internal readonly struct WinogradTile2 : IWinogradTile
{
    public static int Side => 2;

    public static float[] Filter =>
    [
        1, 0, 0,
        1f / 2, 1f / 2, 1f / 2,
        1f / 2, -1f / 2, 1f / 2,
        0, 0, 1,
    ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (d1, d2) = (from[1], from[2]);
        to[0] = from[0] - d2;
        to[1] = d1 + d2;
        to[2] = d2 - d1;
        to[3] = d1 - from[3];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (m1, m2) = (from[1], from[2]);
        to[0] = from[0] + m1 + m2;
        to[1] = m1 - m2 - from[3];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (y0, y1) = (from[0], from[1]);
        to[0] = y0;
        to[1] = y0 + y1;
        to[2] = y0 - y1;
        to[3] = Vector512<float>.Zero - y1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        var (v0, v1, v2, v3) = (from[0], from[1], from[2], from[3]);
        to[0] = v0;
        to[1] = v1 - v2 + v3;
        to[2] = v1 + v2 - v0;
        to[3] = Vector512<float>.Zero - v3;
    }
}
