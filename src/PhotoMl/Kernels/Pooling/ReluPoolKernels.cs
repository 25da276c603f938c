using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>ReLU and max-pooling in one pass, image by image.</summary>
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
        for (var row = start * size.PooledHeight; row < end * size.PooledHeight; row++)
        {
            var (image, y) = Math.DivRem(row, size.PooledHeight);
            var (top, bottom) = size.PixelsOf(y, size.Height);
            for (var x = 0; x < size.PooledWidth; x++)
            {
                var (left, right) = size.PixelsOf(x, size.Width);
                var target = ((row * (long)size.PooledWidth) + x) * size.Channels;
                for (var c = 0; c < size.Channels; c += Lanes16.Count)
                {
                    var (best, winner) = (Vector512<float>.Zero, Vector512<int>.Zero);
                    for (var fromY = top; fromY <= bottom; fromY++)
                    {
                        var from = input + (((((long)image * size.Height) + fromY) * size.Width) + left) * size.Channels + c;
                        var place = size.PlaceOf(fromY, y, left, x);
                        for (var fromX = left; fromX <= right; fromX++, from += size.Channels, place++)
                        {
                            PoolWindow.Challenge(Lanes16.Load(from), place, ref best, ref winner);
                        }
                    }

                    PoolWindow.Write(best, winner, output, won, target + c);
                }
            }
        }
    }
}

/// <summary>Gives each activation the gradients of the windows whose maximum it is; of 3 x 3 it is in one, two or four.</summary>
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
        for (var row = start * size.Height; row < end * size.Height; row++)
        {
            var (image, y) = Math.DivRem(row, size.Height);
            var bottom = Math.Min((y + size.Padding) / 2, size.PooledHeight - 1);
            for (var x = 0; x < size.Width; x++)
            {
                var right = Math.Min((x + size.Padding) / 2, size.PooledWidth - 1);
                for (var c = 0; c < size.Channels; c += Lanes16.Count)
                {
                    var sum = Vector512<float>.Zero;
                    for (var ofY = y / 2; ofY <= bottom; ofY++)
                    {
                        for (var ofX = x / 2; ofX <= right; ofX++)
                        {
                            var at = ((((((long)image * size.PooledHeight) + ofY) * size.PooledWidth) + ofX) * size.Channels) + c;
                            var given = Lanes16.Load(gradient + at);
                            sum += PoolWindow.Keep(given, Lanes16.LoadBytes(won + at), size.PlaceOf(y, ofY, x, ofX));
                        }
                    }

                    sum.StoreAs(result + (((row * (long)size.Width) + x) * size.Channels) + c);
                }
            }
        }
    }
}
