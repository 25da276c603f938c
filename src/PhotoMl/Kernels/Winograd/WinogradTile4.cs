using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The transforms of F(4, 3): four results of a filter of three taps by six products instead of twelve.</summary>
internal static unsafe class WinogradTile4
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

    /// <summary>Six inputs to six factors.</summary>
    internal readonly struct Input : IWinogradTransform
    {
        public static int Inputs => 6;
        public static int Outputs => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, int step, float* to, int toStep)
        {
            var (d0, d1, d2) = (Vector256.Load(from), Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
            var (d3, d4, d5) = (Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)), Vector256.Load(from + (5 * step)));
            var (a, b) = (d4 - (d2 * 4), d3 - (d1 * 4));
            var (c, e) = (d4 - d2, (d3 - d1) * 2);
            ((d0 * 4) - (d2 * 5) + d4).Store(to);
            (a + b).Store(to + toStep);
            (a - b).Store(to + (2 * toStep));
            (c + e).Store(to + (3 * toStep));
            (c - e).Store(to + (4 * toStep));
            ((d1 * 4) - (d3 * 5) + d5).Store(to + (5 * toStep));
        }
    }

    /// <summary>Six products to four results.</summary>
    internal readonly struct Output : IWinogradTransform
    {
        public static int Inputs => 6;
        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, int step, float* to, int toStep)
        {
            var (m1, m2) = (Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
            var (m3, m4) = (Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)));
            var (s, d, p, q) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4);
            (Vector256.Load(from) + s + p).Store(to);
            (d + (q * 2)).Store(to + toStep);
            (s + (p * 4)).Store(to + (2 * toStep));
            (d + (q * 8) + Vector256.Load(from + (5 * step))).Store(to + (3 * toStep));
        }
    }

    /// <summary>The adjoint of <see cref="Output"/>.</summary>
    internal readonly struct OutputAdjoint : IWinogradTransform
    {
        public static int Inputs => 4;
        public static int Outputs => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, int step, float* to, int toStep)
        {
            var (y0, y1) = (Vector256.Load(from), Vector256.Load(from + step));
            var (y2, y3) = (Vector256.Load(from + (2 * step)), Vector256.Load(from + (3 * step)));
            var (even, odd, evenTwice, oddTwice) = (y0 + y2, y1 + y3, y0 + (y2 * 4), (y1 * 2) + (y3 * 8));
            y0.Store(to);
            (even + odd).Store(to + toStep);
            (even - odd).Store(to + (2 * toStep));
            (evenTwice + oddTwice).Store(to + (3 * toStep));
            (evenTwice - oddTwice).Store(to + (4 * toStep));
            y3.Store(to + (5 * toStep));
        }
    }

    /// <summary>The adjoint of <see cref="Input"/>.</summary>
    internal readonly struct InputAdjoint : IWinogradTransform
    {
        public static int Inputs => 6;
        public static int Outputs => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, int step, float* to, int toStep)
        {
            var (v0, v5) = (Vector256.Load(from), Vector256.Load(from + (5 * step)));
            var (v1, v2) = (Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
            var (v3, v4) = (Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)));
            var (s, d, p, q) = (v1 + v2, v2 - v1, v3 + v4, (v4 - v3) * 2);
            (v0 * 4).Store(to);
            ((d * 4) + q + (v5 * 4)).Store(to + toStep);
            (Vector256<float>.Zero - (v0 * 5) - (s * 4) - p).Store(to + (2 * toStep));
            (Vector256<float>.Zero - d - q - (v5 * 5)).Store(to + (3 * toStep));
            (v0 + s + p).Store(to + (4 * toStep));
            v5.Store(to + (5 * toStep));
        }
    }
}
