using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PhotoMl.Kernels;

/// <summary>Turns the real spectrum of an image into the planes whose products convolve, and back.</summary>
/// <remarks>
/// <para>
/// The convolution theorem makes one product of complex numbers of every frequency, and a complex product takes three real ones
/// (Karatsuba): for (a + ib)(c + id) those are P = ac, Q = bd, R = (a + b)(c + d), and the result is (P - Q) + i(R - P - Q).
/// So a complex frequency has three planes and a real one has one, and over all planes both the operands and the result
/// are linear in the spectrum: an operand is written as (a, b, a + b), and a result is read from (P, Q, R).
/// </para>
/// <para>
/// Writing and reading are each other's adjoint within a kind, so the kinds also serve the gradients: that of a result's
/// spectrum is written as a result, that of an operand's planes is read as an operand.
/// </para>
/// </remarks>
internal static unsafe class FourierPlanes
{
    public static int Count(int height, int width)
    {
        var real = (2 - (height % 2)) * (2 - (width % 2)); // the frequencies that are their own opposite
        return real + (3 * ((height * width) - real) / 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(float* spectrum, int height, int width, float* planes, long stride, bool isResult)
    {
        var area = 1f / (height * width);
        for (var ky = 0; 2 * ky <= height; ky++)
        {
            var cosines = spectrum + (Math.Max(0, (2 * ky) - 1) * width * ChannelMatrix.Channels);
            var sines = spectrum + (2 * ky * width * ChannelMatrix.Channels);
            var isRealY = 2 * ky % height == 0;
            for (var kx = 0; 2 * kx <= width; kx++)
            {
                var isRealX = 2 * kx % width == 0;
                var (cos, sin) = (Math.Max(0, (2 * kx) - 1) * ChannelMatrix.Channels, 2 * kx * ChannelMatrix.Channels);
                for (var half = 0; half < ChannelMatrix.Channels; half += Vector256<float>.Count)
                {
                    var to = planes + half;
                    var scale = isResult ? area : 1;
                    var cc = Vector256.Load(cosines + cos + half);
                    if (isRealY && isRealX)
                    {
                        (cc * scale).Store(to);
                        continue;
                    }

                    scale = isResult ? 2 * area : 1; // the opposite frequency, which is the conjugate, counts too
                    if (isRealY)
                    {
                        WriteComplex(cc * scale, Vector256.Load(cosines + sin + half) * scale, to, stride, isResult);
                    }
                    else if (isRealX)
                    {
                        WriteComplex(cc * scale, Vector256.Load(sines + cos + half) * scale, to, stride, isResult);
                    }
                    else
                    {
                        // The frequencies (ky, kx) and (ky, -kx), by the cosine and sine of a sum.
                        var cs = Vector256.Load(cosines + sin + half);
                        var sc = Vector256.Load(sines + cos + half);
                        var ss = Vector256.Load(sines + sin + half);
                        WriteComplex((cc - ss) * scale, (sc + cs) * scale, to, stride, isResult);
                        WriteComplex((cc + ss) * scale, (sc - cs) * scale, to + (3 * stride), stride, isResult);
                    }
                }

                planes += stride * (isRealY && isRealX ? 1 : isRealY || isRealX ? 3 : 6);
            }
        }
    }

    /// <summary>Reads sixteen channels of every plane: the adjoint of <see cref="Write"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(float* planes, long stride, float* spectrum, int height, int width, bool isResult)
    {
        var area = 1f / (height * width);
        for (var ky = 0; 2 * ky <= height; ky++)
        {
            var cosines = spectrum + (Math.Max(0, (2 * ky) - 1) * width * ChannelMatrix.Channels);
            var sines = spectrum + (2 * ky * width * ChannelMatrix.Channels);
            var isRealY = 2 * ky % height == 0;
            for (var kx = 0; 2 * kx <= width; kx++)
            {
                var isRealX = 2 * kx % width == 0;
                var (cos, sin) = (Math.Max(0, (2 * kx) - 1) * ChannelMatrix.Channels, 2 * kx * ChannelMatrix.Channels);
                for (var half = 0; half < ChannelMatrix.Channels; half += Vector256<float>.Count)
                {
                    var from = planes + half;
                    var scale = isResult ? area : 1;
                    if (isRealY && isRealX)
                    {
                        (Vector256.Load(from) * scale).Store(cosines + cos + half);
                        continue;
                    }

                    scale = isResult ? 2 * area : 1;
                    var (real, imaginary) = ReadComplex(from, stride, scale, isResult);
                    if (isRealY)
                    {
                        real.Store(cosines + cos + half);
                        imaginary.Store(cosines + sin + half);
                    }
                    else if (isRealX)
                    {
                        real.Store(cosines + cos + half);
                        imaginary.Store(sines + cos + half);
                    }
                    else
                    {
                        var (oppositeReal, oppositeImaginary) = ReadComplex(from + (3 * stride), stride, scale, isResult);
                        (real + oppositeReal).Store(cosines + cos + half);
                        (imaginary - oppositeImaginary).Store(cosines + sin + half);
                        (imaginary + oppositeImaginary).Store(sines + cos + half);
                        (oppositeReal - real).Store(sines + sin + half);
                    }
                }

                planes += stride * (isRealY && isRealX ? 1 : isRealY || isRealX ? 3 : 6);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteComplex(Vector256<float> real, Vector256<float> imaginary, float* to, long stride, bool isResult)
    {
        Prefetch(to, stride);
        (isResult ? real - imaginary : real).Store(to);
        (isResult ? -real - imaginary : imaginary).Store(to + stride);
        (isResult ? imaginary : real + imaginary).Store(to + (2 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Real, Vector256<float> Imaginary) ReadComplex(float* from, long stride, float scale, bool isResult)
    {
        Prefetch(from, stride);
        var (p, q, r) = (Vector256.Load(from), Vector256.Load(from + stride), Vector256.Load(from + (2 * stride)));
        return isResult ? ((p - q) * scale, (r - p - q) * scale) : ((p + r) * scale, (q + r) * scale);
    }

    // The sixteen channels after these come next, and no processor foresees a walk through the planes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* plane, long stride)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(plane + ChannelMatrix.Channels);
            Sse.Prefetch0(plane + ChannelMatrix.Channels + stride);
            Sse.Prefetch0(plane + ChannelMatrix.Channels + (2 * stride));
        }
    }
}
