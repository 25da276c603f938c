using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>3 x 3 convolution, ReLU and 2 x 2 max-pooling in one pass, image by image, of few channels to many.</summary>
/// <remarks>
/// The convolution's result, four times as large as the pooled one, is never written to memory. Sums are float32 whatever the dtype of
/// the output. The weights are laid out (taps, O) with taps = C * 9, so that one vector holds many output channels.
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
                    Vector512<float> a0 = Lanes16.Load(bias + o), a1 = a0, a2 = a0, a3 = a0;
                    for (var c = 0; c < inputChannels; c++)
                    {
                        var pixel = input + (((((long)image * inputChannels) + c) * height) + top) * width + (2 * column);
                        var tap = weights + (c * 9 * size.Channels) + o;
                        Add(pixel, tap, size.Channels, ref a0, ref a1);
                        Add(pixel + width, tap + (3 * size.Channels), size.Channels, ref a0, ref a1);
                        Add(pixel + width, tap, size.Channels, ref a2, ref a3);
                        Add(pixel + (2 * width), tap + (6 * size.Channels), size.Channels, ref a0, ref a1);
                        Add(pixel + (2 * width), tap + (3 * size.Channels), size.Channels, ref a2, ref a3);
                        Add(pixel + (3 * width), tap + (6 * size.Channels), size.Channels, ref a2, ref a3);
                    }

                    var (best, winner) = (a0, Vector512<float>.Zero);
                    PoolWindow.Challenge(a1, 1, ref best, ref winner);
                    PoolWindow.Challenge(a2, 2, ref best, ref winner);
                    PoolWindow.Challenge(a3, 3, ref best, ref winner);
                    PoolWindow.Write(best, winner, output, won, target);
                }
            }
        }
    }

    // Two neighboring results take four pixels of a row by three taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* pixel, float* tap, int channels, ref Vector512<float> left, ref Vector512<float> right)
    {
        var (w0, w1, w2) = (Lanes16.Load(tap), Lanes16.Load(tap + channels), Lanes16.Load(tap + (2 * channels)));
        left = Lanes16.MultiplyAdd(pixel[0], w0, left);
        right = Lanes16.MultiplyAdd(pixel[1], w0, right);
        left = Lanes16.MultiplyAdd(pixel[1], w1, left);
        right = Lanes16.MultiplyAdd(pixel[2], w1, right);
        left = Lanes16.MultiplyAdd(pixel[2], w2, left);
        right = Lanes16.MultiplyAdd(pixel[3], w2, right);
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
                    var given = Lanes16.Load(gradient + source);
                    var winner = PoolWindow.LoadWinners(won + source);
                    var (a0, a1) = (PoolWindow.Keep(given, winner, 0), PoolWindow.Keep(given, winner, 1));
                    var (a2, a3) = (PoolWindow.Keep(given, winner, 2), PoolWindow.Keep(given, winner, 3));
                    var tap = result + o;
                    for (var c = 0; c < inputChannels; c++)
                    {
                        var pixel = input + (((((long)image * inputChannels) + c) * height) + top) * width + (2 * column);
                        for (var ky = 0; ky < 3; ky++, pixel += width)
                        {
                            for (var kx = 0; kx < 3; kx++, tap += size.Channels)
                            {
                                var sum = Lanes16.MultiplyAdd(pixel[kx], a0, Lanes16.Load(tap));
                                sum = Lanes16.MultiplyAdd(pixel[kx + 1], a1, sum);
                                sum = Lanes16.MultiplyAdd(pixel[width + kx], a2, sum);
                                Lanes16.MultiplyAdd(pixel[width + kx + 1], a3, sum).StoreAs(tap);
                            }
                        }
                    }

                    (Lanes16.Load(tap) + (a0 + a1) + (a2 + a3)).StoreAs(tap);
                }
            }
        }
    }
}
