using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>ReLU and 2 x 2 max-pooling in one pass, image by image.</summary>
internal sealed unsafe class ReluPoolForward(Tensor activations, Tensor pooled, Tensor? winners, PooledSize sizes) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var size = sizes;
        var input = KernelMemory.Pointer<T>(activations);
        var output = KernelMemory.Pointer<T>(pooled);
        var won = KernelMemory.Pointer<byte>(winners);
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
                    if (won != null)
                    {
                        PoolWindow.StoreWinners(lowWinner, highWinner, won + target);
                    }
                }
            }
        }
    }
}

/// <summary>Gives the gradient of each window to the activation that is its maximum, image by image.</summary>
internal sealed unsafe class ReluPoolBackward(Tensor gradients, Tensor winners, Tensor results, PooledSize sizes) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var size = sizes;
        var gradient = KernelMemory.Pointer<T>(gradients);
        var won = KernelMemory.Pointer<byte>(winners);
        var result = KernelMemory.Pointer<T>(results);
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
                    var (lowWinner, highWinner) = PoolWindow.LoadWinners(won + source);
                    for (uint number = 0; number < 4; number++)
                    {
                        var place = window + c + ((number & 1) * size.Channels) + ((number >> 1) * down);
                        Lanes16.Store(PoolWindow.Keep(low, lowWinner, number), PoolWindow.Keep(high, highWinner, number), place);
                    }
                }
            }
        }
    }

    private static void ClearEdges<T>(T* result, PooledSize size, int start, int end)
        where T : unmanaged
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
