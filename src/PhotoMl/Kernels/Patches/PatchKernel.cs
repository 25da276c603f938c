using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Lays out the 3 x 3 patches of channels-last activations as rows of a matrix, and adds such rows back.</summary>
/// <typeparam name="T">The memory format: <c>float</c>, or <c>ushort</c> for bfloat16.</typeparam>
internal static unsafe class PatchKernel<T>
    where T : unmanaged
{
    /// <summary>Copies every patch into a row (im2col).</summary>
    /// <param name="input">Activations, (N, H, W, C).</param>
    /// <param name="rows">Patches, (N, H-2, W-2, 3, 3, C).</param>
    /// <param name="size">The sizes of the input.</param>
    /// <param name="start">The first image.</param>
    /// <param name="end">The image after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(T* input, T* rows, ImageSize size, int start, int end)
    {
        var (outHeight, outWidth) = (size.Height - 2, size.Width - 2);
        var lineBytes = 3L * size.Channels * sizeof(T); // three pixels of one input row lie side by side
        for (var image = start; image < end; image++)
        {
            var to = rows + ((long)image * outHeight * outWidth * 9 * size.Channels);
            for (var y = 0; y < outHeight; y++)
            {
                for (var x = 0; x < outWidth; x++)
                {
                    for (var ky = 0; ky < 3; ky++, to += 3 * size.Channels)
                    {
                        var from = input + (((((long)image * size.Height) + y + ky) * size.Width) + x) * size.Channels;
                        Buffer.MemoryCopy(from, to, lineBytes, lineBytes);
                    }
                }
            }
        }
    }

    /// <summary>Adds up, for every activation, the rows of all patches it is part of (col2im).</summary>
    /// <param name="rows">Gradients of patches, (N, H-2, W-2, 3, 3, C).</param>
    /// <param name="output">The gradient of the activations, (N, H, W, C); all of it is written. Sums are float32.</param>
    /// <param name="size">The sizes of the output.</param>
    /// <param name="start">The first image.</param>
    /// <param name="end">The image after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddUp(T* rows, T* output, ImageSize size, int start, int end)
    {
        var (outHeight, outWidth) = (size.Height - 2, size.Width - 2);
        for (var image = start; image < end; image++)
        {
            var patches = rows + ((long)image * outHeight * outWidth * 9 * size.Channels);
            var to = output + ((long)image * size.Height * size.Width * size.Channels);
            for (var y = 0; y < size.Height; y++)
            {
                for (var x = 0; x < size.Width; x++, to += size.Channels)
                {
                    for (var c = 0; c < size.Channels; c += Lanes16.Count)
                    {
                        var (low, high) = (Vector256<float>.Zero, Vector256<float>.Zero);
                        for (var ky = Math.Max(0, y - outHeight + 1); ky <= Math.Min(2, y); ky++)
                        {
                            for (var kx = Math.Max(0, x - outWidth + 1); kx <= Math.Min(2, x); kx++)
                            {
                                var patch = (long)((y - ky) * outWidth) + (x - kx);
                                var (a, b) = Lanes16.Load(patches + (((patch * 9) + (ky * 3) + kx) * size.Channels) + c);
                                low += a;
                                high += b;
                            }
                        }

                        Lanes16.Store(low, high, to + c);
                    }
                }
            }
        }
    }
}
