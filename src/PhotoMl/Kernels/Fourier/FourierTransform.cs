using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PhotoMl.Kernels;

/// <summary>Transforms images, or their phases, to the planes whose products convolve, and back by the adjoint.</summary>
/// <remarks>
/// <para>
/// Along an axis the discrete Fourier transform is a matrix: a row is one number of the spectrum (cos 0, cos 1, sin 1, cos 2, sin 2, and so
/// on to half the period, where an even one ends with a cosine alone), a column one pixel. So it takes pixels at any positions and a
/// period of any factors; at up to twenty pixels it costs little beside the products of the channels.
/// </para>
/// <para>
/// The convolution theorem makes one product of complex numbers of every frequency, and a complex product takes three real ones
/// (Karatsuba): for (a + ib)(c + id) those are P = ac, Q = bd, R = (a + b)(c + d), and the result is (P - Q) + i(R - P - Q).
/// So a complex frequency has three planes and a real one has one, and over all planes both the operands and the result are linear in
/// the spectrum: an operand is written as (a, b, a + b), and a result is read from (P, Q, R). That is one more matrix, which ends the
/// transform. Its adjoint serves the gradients: that of a result's spectrum is written as a result, that of an operand's planes read as
/// an operand.
/// </para>
/// </remarks>
/// <param name="size">The size of the images.</param>
/// <param name="channels">Their channels.</param>
/// <param name="stride">The distance of the pixels of a phase; the planes of all phases lie side by side as if they were channels.</param>
/// <param name="first">The position of each phase's first pixel.</param>
/// <param name="period">The period of the transform along both axes.</param>
/// <param name="isResult">Whether the images are results, whose planes are read as such, rather than operands.</param>
internal sealed unsafe class FourierTransform(
    (int Height, int Width) size, int channels, int stride, int first, (int Height, int Width) period, bool isResult)
{
    private const int Vector = Lanes16.Count;
    private const int GroupImages = 4;

    // Of each phase along an axis.
    private readonly ChannelMatrix[] _vertical = Axes(period.Height, first, size.Height, stride);
    private readonly ChannelMatrix[] _horizontal = Axes(period.Width, first, size.Width, stride);

    // What results are divided by; a complex frequency counts for its opposite too, which is its conjugate.
    private readonly float _ofReal = isResult ? 1f / (period.Height * period.Width) : 1;
    private readonly float _ofComplex = isResult ? 2f / (period.Height * period.Width) : 1;

    /// <summary>The number of planes: three for each complex frequency, one for each that is its own opposite.</summary>
    public static int CountPlanes((int Height, int Width) period)
    {
        var real = (2 - (period.Height % 2)) * (2 - (period.Width % 2));
        return real + (3 * ((period.Height * period.Width) - real) / 2);
    }

    /// <summary>The planes, (planes, N, phases * channels), float32 or bfloat16, of images, (N, channels, H, W), float32.</summary>
    public Tensor ToPlanes(Tensor images, ScalarType dtype)
    {
        using var pixels = KernelMemory.ToChannelsLast(images);
        var planes = empty([CountPlanes(period), images.shape[0], stride * stride * channels], dtype);
        Run(pixels, planes, isAdjoint: false);
        return planes;
    }

    /// <summary>The images of planes: the adjoint of <see cref="ToPlanes"/>.</summary>
    public Tensor ToImages(Tensor planes)
    {
        using var pixels = empty([planes.shape[1], size.Height, size.Width, channels]);
        Run(pixels, planes, isAdjoint: true);
        return KernelMemory.FromChannelsLast(pixels);
    }

    private static ChannelMatrix[] Axes(int period, int first, int length, int stride)
    {
        return [.. Enumerable.Range(0, stride).Select(phase => new ChannelMatrix(period, (length - phase + stride - 1) / stride, Element))];

        double Element(int row, int pixel)
        {
            var angle = 2 * Math.PI * ((row + 1) / 2 * (first + pixel) % period) / period;
            return row > 0 && row % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
        }
    }

    private void Run(Tensor pixels, Tensor planes, bool isAdjoint)
    {
        Phase[] phases = [.. Enumerable.Range(0, stride * stride).Select(phase => new Phase(
            ((phase / stride * size.Width) + (phase % stride)) * channels,
            phase * channels,
            _vertical[phase / stride],
            _horizontal[phase % stride]))];
        var (images, grid) = ((nint)KernelMemory.Pointer<float>(pixels), PlaneGrid.Of(planes));
        ParallelRanges.For((int)pixels.shape[0], planes.dtype == ScalarType.BFloat16
            ? (_, start, end) => Run<ushort>(phases, (float*)images, grid, isAdjoint, start, end)
            : (_, start, end) => Run<float>(phases, (float*)images, grid, isAdjoint, start, end));
    }

    // Planes lie far from each other: a few images go to planes that stay in the cache, and from there in longer pieces.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<T>(Phase[] phases, float* pixels, PlaneGrid planes, bool isAdjoint, int start, int end)
        where T : unmanaged
    {
        var (count, length) = (CountPlanes(period), stride * stride * channels);
        var near = new PlaneGrid(0, (GroupImages * length) + 64, length);
        var memory = isAdjoint ? null : (T*)NativeMemory.AlignedAlloc((nuint)(count * near.PlaneStride * sizeof(T)), 64);
        for (var first = start; first < end; first += GroupImages)
        {
            var last = Math.Min(end, first + GroupImages);
            var grid = isAdjoint ? planes : near with { Origin = (nint)(memory - (first * length)) };
            for (var image = first; image < last; image++)
            {
                foreach (var phase in phases)
                {
                    var origin = pixels + ((long)image * size.Height * size.Width * channels) + phase.Pixel;
                    Run(phase, origin, grid.Image<T>(image, phase.Channel), grid.PlaneStride, isAdjoint);
                }
            }

            for (var plane = 0; plane < count && !isAdjoint; plane++)
            {
                var piece = (last - first) * length;
                new ReadOnlySpan<T>(memory + (plane * near.PlaneStride), piece)
                    .CopyTo(new Span<T>(planes.Image<T>(first, 0) + (plane * planes.PlaneStride), piece));
            }
        }

        NativeMemory.AlignedFree(memory);
    }

    // The memory on the stack is at most 64 bytes times the area of the spectrum and two columns: 23 KB for 18 x 18.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<T>(Phase phase, float* pixels, T* planes, long planeStride, bool isAdjoint)
        where T : unmanaged
    {
        var (height, width, rowsOfPixels) = (period.Height, period.Width, phase.Vertical.Columns);
        var lines = stackalloc float[width * rowsOfPixels * Vector]; // (width, rows of pixels, 16)
        var spectrum = stackalloc float[2 * height * Vector]; // (height, 1 or 2, 16)
        for (var channel = 0; channel < channels; channel += Vector)
        {
            if (!isAdjoint)
            {
                Horizontal(phase, pixels + channel, lines, isAdjoint);
            }

            var plane = planes + channel;
            for (int column = 0, columns; column < width; column += columns)
            {
                columns = Together(column, width);
                var line = lines + (column * rowsOfPixels * Vector);
                if (!isAdjoint)
                {
                    Vertical(phase, line, columns, spectrum, isAdjoint);
                }

                for (int row = 0, rows; row < height; row += rows)
                {
                    rows = Together(row, height);
                    var numbers = spectrum + (row * columns * Vector);
                    Prefetch(plane, planeStride, (3 * rows * columns + 1) / 2);
                    plane += planeStride * (isAdjoint
                        ? Read(plane, planeStride, numbers, rows * columns)
                        : Write(numbers, rows * columns, plane, planeStride));
                }

                if (isAdjoint)
                {
                    Vertical(phase, line, columns, spectrum, isAdjoint);
                }
            }

            if (isAdjoint)
            {
                Horizontal(phase, pixels + channel, lines, isAdjoint);
            }
        }
    }

    // A cosine alone at either end, a cosine and a sine in between.
    private static int Together(int number, int period) => number == 0 ? 1 : Math.Min(2, period - number);

    private void Horizontal(Phase phase, float* pixels, float* lines, bool isAdjoint)
    {
        for (var y = 0; y < phase.Vertical.Columns; y++)
        {
            var row = pixels + ((long)y * stride * size.Width * channels);
            Prefetch(row, stride * channels, phase.Horizontal.Columns);
            phase.Horizontal.Apply(row, stride * channels, lines + (y * Vector), phase.Vertical.Columns * Vector, isAdjoint);
        }
    }

    private static void Vertical(Phase phase, float* lines, int columns, float* spectrum, bool isAdjoint)
    {
        for (var x = 0; x < columns; x++)
        {
            var line = lines + (x * phase.Vertical.Columns * Vector);
            phase.Vertical.Apply(line, Vector, spectrum + (x * Vector), columns * Vector, isAdjoint);
        }
    }

    // The sixteen channels after these come next, and no processor foresees a walk through planes or pixels.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<T>(T* channels, long stride, int count)
        where T : unmanaged
    {
        for (var i = 0; i < count && Sse.IsSupported; i++)
        {
            Sse.Prefetch0(channels + Vector + (i * stride));
        }
    }

    // One, two or four numbers of the spectrum to one, three or six planes, whose number it returns. Of the products cos cos, cos sin,
    // sin cos and sin sin of two axes come the frequencies (ky, kx) and (ky, -kx), by the cosine and sine of a sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Write<T>(float* numbers, int count, T* plane, long stride)
        where T : unmanaged
    {
        var first = Lanes16.Load(numbers);
        if (count == 1)
        {
            (first * _ofReal).StoreAs(plane);
            return 1;
        }

        var second = Lanes16.Load(numbers + Vector);
        if (count == 2)
        {
            WriteComplex(first, second, plane, stride);
            return 3;
        }

        var (third, fourth) = (Lanes16.Load(numbers + (2 * Vector)), Lanes16.Load(numbers + (3 * Vector)));
        WriteComplex(first - fourth, second + third, plane, stride);
        WriteComplex(first + fourth, third - second, plane + (3 * stride), stride);
        return 6;
    }

    // The adjoint of the above.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Read<T>(T* plane, long stride, float* numbers, int count)
        where T : unmanaged
    {
        if (count == 1)
        {
            (Lanes16.Load(plane) * _ofReal).StoreAs(numbers);
            return 1;
        }

        var (real, imaginary) = ReadComplex(plane, stride);
        if (count == 2)
        {
            real.StoreAs(numbers);
            imaginary.StoreAs(numbers + Vector);
            return 3;
        }

        var (real2, imaginary2) = ReadComplex(plane + (3 * stride), stride);
        (real + real2).StoreAs(numbers);
        (imaginary - imaginary2).StoreAs(numbers + Vector);
        (imaginary + imaginary2).StoreAs(numbers + (2 * Vector));
        (real2 - real).StoreAs(numbers + (3 * Vector));
        return 6;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteComplex<T>(Vector512<float> real, Vector512<float> imaginary, T* plane, long stride)
        where T : unmanaged
    {
        if (isResult)
        {
            (real, imaginary) = (real * _ofComplex, imaginary * _ofComplex);
            (real - imaginary).StoreAs(plane);
            (Vector512<float>.Zero - real - imaginary).StoreAs(plane + stride);
            imaginary.StoreAs(plane + (2 * stride));
        }
        else
        {
            real.StoreAs(plane);
            imaginary.StoreAs(plane + stride);
            (real + imaginary).StoreAs(plane + (2 * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector512<float> Real, Vector512<float> Imaginary) ReadComplex<T>(T* plane, long stride)
        where T : unmanaged
    {
        var (p, q, r) = (Lanes16.Load(plane), Lanes16.Load(plane + stride), Lanes16.Load(plane + (2 * stride)));
        return isResult ? ((p - q) * _ofComplex, (r - p - q) * _ofComplex) : (p + r, q + r);
    }

    // Its first pixel and its first channel in the planes.
    private sealed record Phase(int Pixel, int Channel, ChannelMatrix Vertical, ChannelMatrix Horizontal);
}
