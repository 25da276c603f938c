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
        var (size, inputChannels, plane, width) = (sizes, (int)images.shape[1], images.shape[2] * images.shape[3], images.shape[3]);
        var input = KernelMemory.Pointer<float>(images);
        var weights = KernelMemory.Pointer<float>(taps);
        var output = KernelMemory.Pointer<T>(pooled);
        var won = KernelMemory.Pointer<byte>(winners);
        var bias = weights + (inputChannels * 9 * size.Channels);
        for (var row = start * size.PooledHeight; row < end * size.PooledHeight; row++)
        {
            var (image, y) = Math.DivRem(row, size.PooledHeight);
            var corner = input + (image * inputChannels * plane) + (2 * y * width);
            for (var o = 0; o < size.Channels; o += Lanes16.Count)
            {
                var target = ((long)row * size.PooledWidth * size.Channels) + o;
                for (var column = 0; column < size.PooledWidth; column++, target += size.Channels)
                {
                    Vector512<float> a0 = Lanes16.Load(bias + o), a1 = a0, a2 = a0, a3 = a0;
                    float* pixel = corner + (2 * column), tap = weights + o;
                    for (var c = 0; c < inputChannels; c++, pixel += plane, tap += 9 * size.Channels)
                    {
                        Add(pixel, tap, size.Channels, ref a0, ref a1);
                        Add(pixel + width, tap + (3 * size.Channels), size.Channels, ref a0, ref a1);
                        Add(pixel + width, tap, size.Channels, ref a2, ref a3);
                        Add(pixel + (2 * width), tap + (6 * size.Channels), size.Channels, ref a0, ref a1);
                        Add(pixel + (2 * width), tap + (3 * size.Channels), size.Channels, ref a2, ref a3);
                        Add(pixel + (3 * width), tap + (6 * size.Channels), size.Channels, ref a2, ref a3);
                    }

                    var best = PoolWindow.MaximumOrZero(a0, a1, a2, a3);
                    best.StoreAs(output + target);
                    if (won != null)
                    {
                        PoolWindow.WriteWinner(best, a0, a1, a2, won + target);
                    }
                }
            }
        }
    }

    // Two neighboring results take four pixels of a row by three taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* pixel, float* tap, long channels, ref Vector512<float> left, ref Vector512<float> right)
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
        var (size, inputChannels, plane, width) = (sizes, (int)images.shape[1], images.shape[2] * images.shape[3], images.shape[3]);
        long channels = size.Channels;
        var input = KernelMemory.Pointer<float>(images);
        var gradient = KernelMemory.Pointer<T>(gradients);
        var won = KernelMemory.Pointer<byte>(winners);
        var result = KernelMemory.Pointer<float>(sums) + (part * ((inputChannels * 9) + 1) * channels);
        var bias = result + (inputChannels * 9 * channels);
        for (var row = start * size.PooledHeight; row < end * size.PooledHeight; row++)
        {
            var (image, y) = Math.DivRem(row, size.PooledHeight);
            var corner = input + (image * inputChannels * plane) + (2 * y * width);
            for (var o = 0; o < size.Channels; o += Lanes16.Count)
            {
                for (var c = 0; c < inputChannels; c++)
                {
                    float* pixel = corner + (c * plane), tap = result + (c * 9 * channels) + o;
                    TapRow top = new(tap, channels), middle = new(tap + (3 * channels), channels);
                    TapRow bottom = new(tap + (6 * channels), channels);
                    var ofBias = Lanes16.Load(bias + o);
                    var source = ((long)row * size.PooledWidth * channels) + o;
                    for (var column = 0; column < size.PooledWidth; column++, pixel += 2, source += channels)
                    {
                        var (given, winner) = (Lanes16.Load(gradient + source), Lanes16.LoadBytes(won + source));
                        var (a0, a1) = (PoolWindow.Keep(given, winner, 0), PoolWindow.Keep(given, winner, 1));
                        var (a2, a3) = (PoolWindow.Keep(given, winner, 2), PoolWindow.Keep(given, winner, 3));
                        top.Add(pixel, width, a0, a1, a2, a3);
                        middle.Add(pixel + width, width, a0, a1, a2, a3);
                        bottom.Add(pixel + (2 * width), width, a0, a1, a2, a3);
                        ofBias = ofBias + (a0 + a1) + (a2 + a3);
                    }

                    top.Store(tap, channels);
                    middle.Store(tap + (3 * channels), channels);
                    bottom.Store(tap + (6 * channels), channels);
                    if (c == 0)
                    {
                        ofBias.StoreAs(bias + o);
                    }
                }
            }
        }
    }

    // The sums of three taps side by side, which stay in registers along a row where vectors have 512 bits.
    private struct TapRow
    {
        private Vector512<float> _left, _middle, _right;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TapRow(float* tap, long channels) =>
            (_left, _middle, _right) = (Lanes16.Load(tap), Lanes16.Load(tap + channels), Lanes16.Load(tap + (2 * channels)));

        // A window's four gradients meet pixels of two rows.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(float* pixel, long width, Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, Vector512<float> a3)
        {
            Add(pixel, a0);
            Add(pixel + 1, a1);
            Add(pixel + width, a2);
            Add(pixel + width + 1, a3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(float* tap, long channels)
        {
            _left.StoreAs(tap);
            _middle.StoreAs(tap + channels);
            _right.StoreAs(tap + (2 * channels));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Add(float* pixel, Vector512<float> gradient)
        {
            _left = Lanes16.MultiplyAdd(pixel[0], gradient, _left);
            _middle = Lanes16.MultiplyAdd(pixel[1], gradient, _middle);
            _right = Lanes16.MultiplyAdd(pixel[2], gradient, _right);
        }
    }
}
