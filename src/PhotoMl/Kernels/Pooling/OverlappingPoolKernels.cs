using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>ReLU and max-pooling by windows of 3 x 3 that are two apart, image by image.</summary>
internal sealed unsafe class OverlappingPoolForward(Tensor activations, Tensor pooled, Tensor? winners, PooledSize sizes) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var size = sizes;
        var input = KernelMemory.Pointer<T>(activations);
        var output = KernelMemory.Pointer<T>(pooled);
        var won = KernelMemory.Pointer<byte>(winners);
        for (var row = start * size.PooledHeight; row < end * size.PooledHeight; row++)
        {
            var (image, y) = Math.DivRem(row, size.PooledHeight);
            var (top, bottom) = (Math.Max(0, (2 * y) - 1), Math.Min(size.Height - 1, (2 * y) + 1));
            for (var x = 0; x < size.PooledWidth; x++)
            {
                var (left, right) = (Math.Max(0, (2 * x) - 1), Math.Min(size.Width - 1, (2 * x) + 1));
                var target = ((row * (long)size.PooledWidth) + x) * size.Channels;
                for (var c = 0; c < size.Channels; c += Lanes16.Count)
                {
                    var (best, winner) = (Vector512<float>.Zero, Vector512<float>.Zero);
                    for (var fromY = top; fromY <= bottom; fromY++)
                    {
                        var from = input + (((((long)image * size.Height) + fromY) * size.Width) + left) * size.Channels + c;
                        var place = ((fromY - (2 * y) + 1) * 3) + left - (2 * x) + 1;
                        for (var fromX = left; fromX <= right; fromX++, from += size.Channels, place++)
                        {
                            PoolWindow.Challenge(Lanes16.Load(from).All, place, ref best, ref winner);
                        }
                    }

                    PoolWindow.Write(best, winner, output, won, target + c);
                }
            }
        }
    }
}

/// <summary>Gives each activation the gradients of the windows whose maximum it is, of which it is in one, two or four.</summary>
internal sealed unsafe class OverlappingPoolBackward(Tensor gradients, Tensor winners, Tensor results, PooledSize sizes) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var size = sizes;
        var gradient = KernelMemory.Pointer<T>(gradients);
        var won = KernelMemory.Pointer<byte>(winners);
        var result = KernelMemory.Pointer<T>(results);
        for (var row = start * size.Height; row < end * size.Height; row++)
        {
            var (image, y) = Math.DivRem(row, size.Height);
            for (var x = 0; x < size.Width; x++)
            {
                // Window i begins at pixel 2 i - 1, so an even pixel is the middle of one and an odd one between two.
                var (lastY, lastX) = (Math.Min((y + 1) / 2, size.PooledHeight - 1), Math.Min((x + 1) / 2, size.PooledWidth - 1));
                for (var c = 0; c < size.Channels; c += Lanes16.Count)
                {
                    var sum = default(Lanes16);
                    for (var windowY = y / 2; windowY <= lastY; windowY++)
                    {
                        for (var windowX = x / 2; windowX <= lastX; windowX++)
                        {
                            var at = (((((long)image * size.PooledHeight) + windowY) * size.PooledWidth) + windowX) * size.Channels;
                            var place = ((y + 1 - (2 * windowY)) * 3) + x + 1 - (2 * windowX);
                            var winner = PoolWindow.LoadWinners(won + at + c);
                            sum += PoolWindow.Keep(Lanes16.Load(gradient + at + c), winner, place);
                        }
                    }

                    sum.Store(result + (((row * (long)size.Width) + x) * size.Channels) + c);
                }
            }
        }
    }
}
