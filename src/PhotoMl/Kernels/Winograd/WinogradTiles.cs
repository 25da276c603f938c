using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>One of the transforms of minimal filtering along one axis.</summary>
internal unsafe interface IWinogradTransform
{
    static abstract int Inputs { get; }
    static abstract int Outputs { get; }

    static abstract void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
        where TFrom : unmanaged
        where TTo : unmanaged;
}

/// <summary>Vectors of sixteen channels at equal distances in memory, float32 (<c>float</c>) or bfloat16 (<c>ushort</c>).</summary>
internal readonly unsafe struct WinogradLine<T>(T* first, long step)
    where T : unmanaged
{
    public Vector512<float> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Lanes16.Load(first + (index * step));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => value.StoreAs(first + (index * step));
    }
}

/// <summary>The transforms of F(4, 3): four results of a filter of three taps by six products instead of twelve.</summary>
internal static class WinogradTile4
{
    /// <summary>The transform of the filter, (6, 3).</summary>
    public static readonly float[] Filter =
    [
        1f / 4, 0, 0,
        -1f / 6, -1f / 6, -1f / 6,
        -1f / 6, 1f / 6, -1f / 6,
        1f / 24, 1f / 12, 1f / 6,
        1f / 24, -1f / 12, 1f / 6,
        0, 0, 1,
    ];

    internal readonly struct Input : IWinogradTransform
    {
        public static int Inputs => 6;
        public static int Outputs => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
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
    }

    internal readonly struct Output : IWinogradTransform
    {
        public static int Inputs => 6;
        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
        {
            var (m1, m2, m3, m4) = (from[1], from[2], from[3], from[4]);
            var (s, d, p, q) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4);
            to[0] = from[0] + s + p;
            to[1] = d + (q * 2);
            to[2] = s + (p * 4);
            to[3] = d + (q * 8) + from[5];
        }
    }

    internal readonly struct OutputAdjoint : IWinogradTransform
    {
        public static int Inputs => 4;
        public static int Outputs => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
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
    }

    internal readonly struct InputAdjoint : IWinogradTransform
    {
        public static int Inputs => 6;
        public static int Outputs => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
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
}

/// <summary>The transforms of F(2, 3): two results of a filter of three taps by four products instead of six, all by sums alone: in
/// bfloat16 the error is twice that of the plain sum, where F(3, 3) has seven and F(4, 3) twelve times as much.</summary>
internal static class WinogradTile2
{
    /// <summary>The transform of the filter, (4, 3).</summary>
    public static readonly float[] Filter =
    [
        1, 0, 0,
        1f / 2, 1f / 2, 1f / 2,
        1f / 2, -1f / 2, 1f / 2,
        0, 0, 1,
    ];

    internal readonly struct Input : IWinogradTransform
    {
        public static int Inputs => 4;
        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
        {
            var (d1, d2) = (from[1], from[2]);
            to[0] = from[0] - d2;
            to[1] = d1 + d2;
            to[2] = d2 - d1;
            to[3] = d1 - from[3];
        }
    }

    internal readonly struct Output : IWinogradTransform
    {
        public static int Inputs => 4;
        public static int Outputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
        {
            var (m1, m2) = (from[1], from[2]);
            to[0] = from[0] + m1 + m2;
            to[1] = m1 - m2 - from[3];
        }
    }

    internal readonly struct OutputAdjoint : IWinogradTransform
    {
        public static int Inputs => 2;
        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
        {
            var (y0, y1) = (from[0], from[1]);
            to[0] = y0;
            to[1] = y0 + y1;
            to[2] = y0 - y1;
            to[3] = Vector512<float>.Zero - y1;
        }
    }

    internal readonly struct InputAdjoint : IWinogradTransform
    {
        public static int Inputs => 4;
        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
        {
            var (v0, v1, v2, v3) = (from[0], from[1], from[2], from[3]);
            to[0] = v0;
            to[1] = v1 - v2 + v3;
            to[2] = v1 + v2 - v0;
            to[3] = Vector512<float>.Zero - v3;
        }
    }
}

/// <summary>The transforms of F(3, 3): three results of a filter of three taps by five products instead of nine.</summary>
internal static class WinogradTile3
{
    /// <summary>The transform of the filter, (5, 3).</summary>
    public static readonly float[] Filter =
    [
        1f / 2, 0, 0,
        -1f / 2, -1f / 2, -1f / 2,
        -1f / 6, 1f / 6, -1f / 6,
        1f / 6, 1f / 3, 2f / 3,
        0, 0, 1,
    ];

    internal readonly struct Input : IWinogradTransform
    {
        public static int Inputs => 5;
        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
        {
            var (d0, d1, d2, d3, d4) = (from[0], from[1], from[2], from[3], from[4]);
            var c = d3 - d1;
            to[0] = ((d0 - d2) * 2) + c;
            to[1] = d3 - d2 - (d1 * 2);
            to[2] = d3 + (d1 * 2) - (d2 * 3);
            to[3] = c;
            to[4] = d4 - d2 - (c * 2);
        }
    }

    internal readonly struct Output : IWinogradTransform
    {
        public static int Inputs => 5;
        public static int Outputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
        {
            var (m1, m2, m3) = (from[1], from[2], from[3]);
            var (s, d) = (m1 + m2, m1 - m2);
            to[0] = from[0] + s + m3;
            to[1] = d + (m3 * 2);
            to[2] = s + (m3 * 4) + from[4];
        }
    }

    internal readonly struct OutputAdjoint : IWinogradTransform
    {
        public static int Inputs => 3;
        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
        {
            var (y0, y1, y2) = (from[0], from[1], from[2]);
            var even = y0 + y2;
            to[0] = y0;
            to[1] = even + y1;
            to[2] = even - y1;
            to[3] = y0 + (y1 * 2) + (y2 * 4);
            to[4] = y2;
        }
    }

    internal readonly struct InputAdjoint : IWinogradTransform
    {
        public static int Inputs => 5;
        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
            where TFrom : unmanaged
            where TTo : unmanaged
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
}
