using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution, ReLU and 2 x 2 max-pooling in one pass, image by image, for few input channels and many output channels.</summary>
/// <remarks>
/// The convolution's result, four times as large as the pooled one, is never written to memory. Sums are float32 whatever the dtype of the output. The weights are laid out
/// (taps, O) with taps = C * 9, so that one vector holds many output channels.
/// </remarks>
internal sealed unsafe class ConvReluPoolForward(Tensor images, Tensor taps, Tensor pooled, Tensor? winners, PooledSize sizes) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var (size, inputChannels, height, width) = (sizes, (int)images.shape[1], sizes.Height + 2, sizes.Width + 2);
        var input = KernelMemory.Pointer<float>(images);
        var weights = KernelMemory.Pointer<float>(taps);
        var output = KernelMemory.Pointer<T>(pooled);
        var won = KernelMemory.Pointer<byte>(winners);
        var bias = weights + (inputChannels * 9 * size.Channels);
        for (var row = start * size.PooledHeight; row < end * size.PooledHeight; row++)
        {
            var image = row / size.PooledHeight;
            var top = 2 * (row - (image * size.PooledHeight));
            for (var column = 0; column < size.PooledWidth; column++)
            {
                var target = ((row * (long)size.PooledWidth) + column) * size.Channels;
                for (var o = 0; o < size.Channels; o += Lanes16.Count, target += Lanes16.Count)
                {
                    Vector256<float> a0 = Vector256.Load(bias + o), a1 = a0, a2 = a0, a3 = a0;
                    Vector256<float> b0 = Vector256.Load(bias + o + 8), b1 = b0, b2 = b0, b3 = b0;
                    var tap = weights + o;
                    for (var c = 0; c < inputChannels; c++)
                    {
                        var pixel = input + (((((long)image * inputChannels) + c) * height) + top) * width + (2 * column);
                        for (var ky = 0; ky < 3; ky++, pixel += width)
                        {
                            for (var kx = 0; kx < 3; kx++, tap += size.Channels)
                            {
                                var low = Vector256.Load(tap);
                                var high = Vector256.Load(tap + 8);
                                var x0 = Vector256.Create(pixel[kx]);
                                var x1 = Vector256.Create(pixel[kx + 1]);
                                var x2 = Vector256.Create(pixel[width + kx]);
                                var x3 = Vector256.Create(pixel[width + kx + 1]);
                                a0 = Vector256.FusedMultiplyAdd(x0, low, a0);
                                b0 = Vector256.FusedMultiplyAdd(x0, high, b0);
                                a1 = Vector256.FusedMultiplyAdd(x1, low, a1);
                                b1 = Vector256.FusedMultiplyAdd(x1, high, b1);
                                a2 = Vector256.FusedMultiplyAdd(x2, low, a2);
                                b2 = Vector256.FusedMultiplyAdd(x2, high, b2);
                                a3 = Vector256.FusedMultiplyAdd(x3, low, a3);
                                b3 = Vector256.FusedMultiplyAdd(x3, high, b3);
                            }
                        }
                    }

                    var lowMaximum = PoolWindow.Maximum(a0, a1, a2, a3, out var lowWinner);
                    var highMaximum = PoolWindow.Maximum(b0, b1, b2, b3, out var highWinner);
                    Lanes16.Store(lowMaximum, highMaximum, output + target);
                    if (won != null)
                    {
                        PoolWindow.StoreWinners(lowWinner, highWinner, won + target);
                    }
                }
            }
        }
    }
}

/// <summary>Adds up the gradient by weights and bias, image by image.</summary>
internal sealed unsafe class ConvReluPoolBackward(Tensor images, Tensor gradients, Tensor winners, Tensor sums, PooledSize sizes) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var (size, inputChannels, height, width) = (sizes, (int)images.shape[1], sizes.Height + 2, sizes.Width + 2);
        var input = KernelMemory.Pointer<float>(images);
        var gradient = KernelMemory.Pointer<T>(gradients);
        var won = KernelMemory.Pointer<byte>(winners);
        var result = KernelMemory.Pointer<float>(sums) + ((long)part * ((inputChannels * 9) + 1) * size.Channels);
        for (var row = start * size.PooledHeight; row < end * size.PooledHeight; row++)
        {
            var image = row / size.PooledHeight;
            var top = 2 * (row - (image * size.PooledHeight));
            for (var column = 0; column < size.PooledWidth; column++)
            {
                var source = ((row * (long)size.PooledWidth) + column) * size.Channels;
                for (var o = 0; o < size.Channels; o += Lanes16.Count, source += Lanes16.Count)
                {
                    var (low, high) = Lanes16.Load(gradient + source);
                    var (lowWinner, highWinner) = PoolWindow.LoadWinners(won + source);
                    var a0 = PoolWindow.Keep(low, lowWinner, 0);
                    var a1 = PoolWindow.Keep(low, lowWinner, 1);
                    var a2 = PoolWindow.Keep(low, lowWinner, 2);
                    var a3 = PoolWindow.Keep(low, lowWinner, 3);
                    var b0 = PoolWindow.Keep(high, highWinner, 0);
                    var b1 = PoolWindow.Keep(high, highWinner, 1);
                    var b2 = PoolWindow.Keep(high, highWinner, 2);
                    var b3 = PoolWindow.Keep(high, highWinner, 3);
                    var tap = result + o;
                    for (var c = 0; c < inputChannels; c++)
                    {
                        var pixel = input + (((((long)image * inputChannels) + c) * height) + top) * width + (2 * column);
                        for (var ky = 0; ky < 3; ky++, pixel += width)
                        {
                            for (var kx = 0; kx < 3; kx++, tap += size.Channels)
                            {
                                var x0 = Vector256.Create(pixel[kx]);
                                var x1 = Vector256.Create(pixel[kx + 1]);
                                var x2 = Vector256.Create(pixel[width + kx]);
                                var x3 = Vector256.Create(pixel[width + kx + 1]);
                                var lowSum = Vector256.FusedMultiplyAdd(x0, a0, Vector256.Load(tap));
                                var highSum = Vector256.FusedMultiplyAdd(x0, b0, Vector256.Load(tap + 8));
                                lowSum = Vector256.FusedMultiplyAdd(x1, a1, lowSum);
                                highSum = Vector256.FusedMultiplyAdd(x1, b1, highSum);
                                lowSum = Vector256.FusedMultiplyAdd(x2, a2, lowSum);
                                highSum = Vector256.FusedMultiplyAdd(x2, b2, highSum);
                                lowSum = Vector256.FusedMultiplyAdd(x3, a3, lowSum);
                                highSum = Vector256.FusedMultiplyAdd(x3, b3, highSum);
                                lowSum.Store(tap);
                                highSum.Store(tap + 8);
                            }
                        }
                    }

                    (Vector256.Load(tap) + (a0 + a1) + (a2 + a3)).Store(tap);
                    (Vector256.Load(tap + 8) + (b0 + b1) + (b2 + b3)).Store(tap + 8);
                }
            }
        }
    }
}
