using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The transforms of F(3, 3): three results of a filter of three taps by five products instead of nine.</summary>
internal static unsafe class WinogradTile3
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

    /// <summary>Five inputs to five factors.</summary>
    internal readonly struct Input : IWinogradTransform
    {
        public static int Inputs => 5;
        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, int step, float* to, int toStep)
        {
            var (d0, d1, d2) = (Vector256.Load(from), Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
            var (d3, d4) = (Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)));
            var c = d3 - d1;
            (((d0 - d2) * 2) + c).Store(to);
            (d3 - d2 - (d1 * 2)).Store(to + toStep);
            (d3 + (d1 * 2) - (d2 * 3)).Store(to + (2 * toStep));
            c.Store(to + (3 * toStep));
            (d4 - d2 - (c * 2)).Store(to + (4 * toStep));
        }
    }

    /// <summary>Five products to three results.</summary>
    internal readonly struct Output : IWinogradTransform
    {
        public static int Inputs => 5;
        public static int Outputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, int step, float* to, int toStep)
        {
            var (m1, m2, m3) = (Vector256.Load(from + step), Vector256.Load(from + (2 * step)), Vector256.Load(from + (3 * step)));
            var (s, d) = (m1 + m2, m1 - m2);
            (Vector256.Load(from) + s + m3).Store(to);
            (d + (m3 * 2)).Store(to + toStep);
            (s + (m3 * 4) + Vector256.Load(from + (4 * step))).Store(to + (2 * toStep));
        }
    }

    /// <summary>The adjoint of <see cref="Output"/>.</summary>
    internal readonly struct OutputAdjoint : IWinogradTransform
    {
        public static int Inputs => 3;
        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, int step, float* to, int toStep)
        {
            var (y0, y1, y2) = (Vector256.Load(from), Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
            var even = y0 + y2;
            y0.Store(to);
            (even + y1).Store(to + toStep);
            (even - y1).Store(to + (2 * toStep));
            (y0 + (y1 * 2) + (y2 * 4)).Store(to + (3 * toStep));
            y2.Store(to + (4 * toStep));
        }
    }

    /// <summary>The adjoint of <see cref="Input"/>.</summary>
    internal readonly struct InputAdjoint : IWinogradTransform
    {
        public static int Inputs => 5;
        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(float* from, int step, float* to, int toStep)
        {
            var (v0, v1, v2) = (Vector256.Load(from), Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
            var (v3, v4) = (Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)));
            var first = v0 * 2;
            first.Store(to);
            (((v2 - v1 + v4) * 2) - v0 - v3).Store(to + toStep);
            (Vector256<float>.Zero - first - v1 - (v2 * 3) - v4).Store(to + (2 * toStep));
            (v0 + v1 + v2 + v3 - (v4 * 2)).Store(to + (3 * toStep));
            v4.Store(to + (4 * toStep));
        }
    }
}
