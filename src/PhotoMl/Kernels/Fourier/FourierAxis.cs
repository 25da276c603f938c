using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhotoMl.Kernels;

/// <summary>The real discrete Fourier transform along one axis of an image, as a matrix.</summary>
/// <remarks>
/// A row is one number of the spectrum: cos 0, cos 1, sin 1, cos 2, sin 2, and so on to half the length, where an even length ends with a
/// cosine alone. A column is one pixel. As a matrix the transform takes pixels at any positions and a length of any factors; at up to
/// twenty pixels it costs little beside the products of the channels.
/// </remarks>
internal sealed unsafe class FourierAxis
{
    private static readonly ConcurrentDictionary<(int Length, int First, int Pixels), FourierAxis> Known = [];

    // Pinned, so that the kernels can read them through pointers.
    private readonly float[] _matrix;
    private readonly float[] _transposed;

    private FourierAxis(int length, int first, int pixels)
    {
        (Length, Pixels) = (length, pixels);
        _matrix = GC.AllocateArray<float>(length * pixels, pinned: true);
        _transposed = GC.AllocateArray<float>(length * pixels, pinned: true);
        for (var row = 0; row < length; row++)
        {
            var frequency = (row + 1) / 2;
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                var angle = 2 * Math.PI * (frequency * (first + pixel) % length) / length;
                var value = (float)(row > 0 && row % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
                _matrix[(row * pixels) + pixel] = value;
                _transposed[(pixel * length) + row] = value;
            }
        }
    }

    public int Length { get; }
    public int Pixels { get; }

    /// <summary>From pixels to spectrum, (length, pixels).</summary>
    public float* Matrix => Address(_matrix);

    /// <summary>From spectrum to pixels, (pixels, length).</summary>
    public float* Transposed => Address(_transposed);

    public static FourierAxis Of(int length, int first, int pixels) =>
        Known.GetOrAdd((length, first, pixels), key => new FourierAxis(key.Length, key.First, key.Pixels));

    private static float* Address(float[] values) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(values));
}
