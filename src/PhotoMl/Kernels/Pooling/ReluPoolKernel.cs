using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhotoMl.Kernels;

/// <summary>ReLU and 2 x 2 max-pooling of channels-last activations in one pass, for float32 (<c>float</c>) and bfloat16 (<c>ushort</c>).</summary>
/// <typeparam name="T">The memory format of the activations.</typeparam>
internal static unsafe class ReluPoolKernel<T>
    where T : unmanaged
{
    /// <summary>Pools some of the images.</summary>
    /// <param name="input">Activations, (N, H, W, C).</param>
    /// <param name="output">Pooled activations, (N, H/2, W/2, C).</param>
    /// <param name="winners">Which activation of its window won, (N, H/2, W/2, C), or null where no gradient will be wanted.</param>
    /// <param name="size">The sizes of the input.</param>
    /// <param name="start">The first image.</param>
    /// <param name="end">The image after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(T* input, T* output, byte* winners, ImageSize size, int start, int end)
    {
        long down = (long)size.Width * size.Channels;
        for (var row = start * size.PooledHeight; row < end * size.PooledHeight; row++)
        {
            for (var column = 0; column < size.PooledWidth; column++)
            {
                var window = input + size.WindowOffset(row, column);
                var target = ((row * (long)size.PooledWidth) + column) * size.Channels;
                for (var c = 0; c < size.Channels; c += Lanes16.Count, target += Lanes16.Count)
                {
                    var (a0, b0) = Lanes16.Load(window + c);
                    var (a1, b1) = Lanes16.Load(window + c + size.Channels);
                    var (a2, b2) = Lanes16.Load(window + c + down);
                    var (a3, b3) = Lanes16.Load(window + c + down + size.Channels);
                    var low = PoolWindow.Maximum(a0, a1, a2, a3, out var lowWinner);
                    var high = PoolWindow.Maximum(b0, b1, b2, b3, out var highWinner);
                    Lanes16.Store(low, high, output + target);
                    if (winners != null)
                    {
                        PoolWindow.StoreWinners(lowWinner, highWinner, winners + target);
                    }
                }
            }
        }
    }

    /// <summary>Gives each window's gradient to the activation that won.</summary>
    /// <param name="gradient">The loss's gradient by the pooled activations, (N, H/2, W/2, C).</param>
    /// <param name="winners">What <see cref="Forward"/> wrote.</param>
    /// <param name="result">The loss's gradient by the input, (N, H, W, C); all of it is written.</param>
    /// <param name="size">The sizes of the input.</param>
    /// <param name="start">The first image.</param>
    /// <param name="end">The image after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(T* gradient, byte* winners, T* result, ImageSize size, int start, int end)
    {
        long down = (long)size.Width * size.Channels;

        // The last row and column of an odd size belong to no window; everything else is written below.
        if (size.Height % 2 != 0 || size.Width % 2 != 0)
        {
            ClearEdges(result, size, start, end);
        }

        for (var row = start * size.PooledHeight; row < end * size.PooledHeight; row++)
        {
            for (var column = 0; column < size.PooledWidth; column++)
            {
                var window = result + size.WindowOffset(row, column);
                var source = ((row * (long)size.PooledWidth) + column) * size.Channels;
                for (var c = 0; c < size.Channels; c += Lanes16.Count, source += Lanes16.Count)
                {
                    var (low, high) = Lanes16.Load(gradient + source);
                    var (lowWinner, highWinner) = PoolWindow.LoadWinners(winners + source);
                    for (uint number = 0; number < 4; number++)
                    {
                        var place = window + c + ((number & 1) * size.Channels) + ((number >> 1) * down);
                        Lanes16.Store(PoolWindow.Keep(low, lowWinner, number), PoolWindow.Keep(high, highWinner, number), place);
                    }
                }
            }
        }
    }

    private static void ClearEdges(T* result, ImageSize size, int start, int end)
    {
        var pixelBytes = (nuint)(size.Channels * sizeof(T));
        for (var row = (long)start * size.Height; row < (long)end * size.Height; row++)
        {
            var line = result + (row * size.Width * size.Channels);
            if (size.Height % 2 != 0 && row % size.Height == size.Height - 1)
            {
                NativeMemory.Clear(line, pixelBytes * (nuint)size.Width);
            }
            else if (size.Width % 2 != 0)
            {
                NativeMemory.Clear(line + ((size.Width - 1L) * size.Channels), pixelBytes);
            }
        }
    }
}
