using System.Runtime.CompilerServices;

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
                    var (a0, a1) = (Lanes16.Load(window + c), Lanes16.Load(window + c + size.Channels));
                    var (a2, a3) = (Lanes16.Load(window + c + down), Lanes16.Load(window + c + down + size.Channels));
                    PoolWindow.Pool(a0, a1, a2, a3, output, won, target);
                }
            }
        }
    }
}

/// <summary>Gives the gradient of each window to the activation that is its maximum; writes all pixels that windows have.</summary>
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
        for (var row = start * size.PooledHeight; row < end * size.PooledHeight; row++)
        {
            for (var column = 0; column < size.PooledWidth; column++)
            {
                var window = result + size.WindowOffset(row, column);
                var source = ((row * (long)size.PooledWidth) + column) * size.Channels;
                for (var c = 0; c < size.Channels; c += Lanes16.Count, source += Lanes16.Count)
                {
                    var given = Lanes16.Load(gradient + source);
                    var winner = PoolWindow.LoadWinners(won + source);
                    for (var number = 0; number < 4; number++)
                    {
                        var place = window + c + ((number & 1) * size.Channels) + ((number >> 1) * down);
                        PoolWindow.Keep(given, winner, number).Store(place);
                    }
                }
            }
        }
    }
}
