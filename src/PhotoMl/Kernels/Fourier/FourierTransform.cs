using System.Runtime.CompilerServices;
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
    private const int Vector = ChannelMatrix.Channels;

    // Of each phase along an axis.
    private readonly ChannelMatrix[] _vertical = Axes(period.Height, first, size.Height, stride);
    private readonly ChannelMatrix[] _horizontal = Axes(period.Width, first, size.Width, stride);

    // From 1, 2 or 4 numbers of the spectrum to 1, 3 or 6 planes.
    private readonly ChannelMatrix _real = Combination([[1]], isResult ? 1.0 / (period.Height * period.Width) : 1);
    private readonly ChannelMatrix _complex = Combination(Complex([1, 0], [0, 1], isResult), OfComplex(period, isResult));

    // The frequencies (ky, kx) and (ky, -kx) of the products cos cos, cos sin, sin cos and sin sin, by the cosine and sine of a sum.
    private readonly ChannelMatrix _pair = Combination(
        [.. Complex([1, 0, 0, -1], [0, 1, 1, 0], isResult), .. Complex([1, 0, 0, 1], [0, -1, 1, 0], isResult)],
        OfComplex(period, isResult));

    /// <summary>The number of planes: three for each complex frequency, one for each that is its own opposite.</summary>
    public static int CountPlanes((int Height, int Width) period)
    {
        var real = (2 - (period.Height % 2)) * (2 - (period.Width % 2));
        return real + (3 * ((period.Height * period.Width) - real) / 2);
    }

    /// <summary>The planes, (planes, N, phases * channels), of images, (N, channels, H, W).</summary>
    public Tensor ToPlanes(Tensor images)
    {
        using var pixels = KernelMemory.ToChannelsLast(images);
        var planes = PlaneGrid.Empty(CountPlanes(period), images.shape[0], stride * stride * channels);
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

    private static ChannelMatrix Combination(double[][] rows, double scale) =>
        new(rows.Length, rows[0].Length, (row, column) => scale * rows[row][column]);

    private static double[][] Complex(double[] real, double[] imaginary, bool isResult)
    {
        return isResult
            ? [Add(real, imaginary, 1, -1), Add(real, imaginary, -1, -1), imaginary]
            : [real, imaginary, Add(real, imaginary, 1, 1)];

        static double[] Add(double[] a, double[] b, double ofA, double ofB) => [.. a.Zip(b, (x, y) => (ofA * x) + (ofB * y))];
    }

    // The opposite frequency, which is the conjugate, counts too.
    private static double OfComplex((int Height, int Width) period, bool isResult) => isResult ? 2.0 / (period.Height * period.Width) : 1;

    private void Run(Tensor pixels, Tensor planes, bool isAdjoint)
    {
        var phases = Enumerable.Range(0, stride * stride).Select(phase => (Y: phase / stride, X: phase % stride)).Select(phase => new Phase(
            (nint)(KernelMemory.Pointer<float>(pixels) + (((phase.Y * size.Width) + phase.X) * channels)),
            PlaneGrid.Of(planes, ((phase.Y * stride) + phase.X) * channels),
            _vertical[phase.Y],
            _horizontal[phase.X])).ToArray();
        ParallelRanges.For((int)pixels.shape[0], (_, start, end) =>
        {
            foreach (var phase in phases)
            {
                Run(phase, isAdjoint, start, end);
            }
        });
    }

    // The memory on the stack is at most 64 bytes times the area of the spectrum and two columns: 23 KB for 18 x 18.
    [SkipLocalsInit]
    private void Run(Phase phase, bool isAdjoint, int start, int end)
    {
        var (height, width, pixels) = (period.Height, period.Width, phase.Vertical.Columns);
        var lines = stackalloc float[width * pixels * Vector]; // (width, rows of pixels, 16)
        var spectrum = stackalloc float[2 * height * Vector]; // (height, 1 or 2, 16)
        for (var i = (long)start * channels; i < (long)end * channels; i += Vector)
        {
            var (image, channel) = ((int)(i / channels), (int)(i % channels));
            var origin = (float*)phase.Pixels + ((long)image * size.Height * size.Width * channels) + channel;
            if (!isAdjoint)
            {
                Horizontal(phase, origin, lines, isAdjoint);
            }

            var plane = phase.Planes.Image(image, channel);
            for (int column = 0, columns; column < width; column += columns)
            {
                columns = Together(column, width);
                var line = lines + (column * pixels * Vector);
                if (!isAdjoint)
                {
                    Vertical(phase, line, columns, spectrum, isAdjoint);
                }

                for (int row = 0, rows; row < height; row += rows)
                {
                    rows = Together(row, height);
                    var combination = rows * columns == 4 ? _pair : rows * columns == 2 ? _complex : _real;
                    Prefetch(plane, phase.Planes.PlaneStride, combination.Rows);
                    combination.Apply(spectrum + (row * columns * Vector), Vector, plane, phase.Planes.PlaneStride, isAdjoint);
                    plane += combination.Rows * phase.Planes.PlaneStride;
                }

                if (isAdjoint)
                {
                    Vertical(phase, line, columns, spectrum, isAdjoint);
                }
            }

            if (isAdjoint)
            {
                Horizontal(phase, origin, lines, isAdjoint);
            }
        }
    }

    // A cosine alone at either end, a cosine and a sine in between.
    private static int Together(int number, int period) => number == 0 ? 1 : Math.Min(2, period - number);

    private void Horizontal(Phase phase, float* pixels, float* lines, bool isAdjoint)
    {
        for (var y = 0; y < phase.Vertical.Columns; y++)
        {
            phase.Horizontal.Apply(
                pixels + ((long)y * stride * size.Width * channels), stride * channels,
                lines + (y * Vector), phase.Vertical.Columns * Vector, isAdjoint);
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

    // The sixteen channels after these come next, and no processor foresees a walk through the planes.
    private static void Prefetch(float* plane, long stride, int count)
    {
        for (var i = 0; i < count && Sse.IsSupported; i++)
        {
            Sse.Prefetch0(plane + Vector + (i * stride));
        }
    }

    private sealed record Phase(nint Pixels, PlaneGrid Planes, ChannelMatrix Vertical, ChannelMatrix Horizontal);
}
