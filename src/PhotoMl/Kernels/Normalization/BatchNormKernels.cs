using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>Normalises some rows: z = x * scale + shift + r, then leaky ReLU.</summary>
/// <remarks>From the last row to the first: the statistics were just taken of them, so the last are still in the cache.</remarks>
internal sealed unsafe class BatchNormForward(Tensor activations, Tensor? addend, Tensor scales, float slope, Tensor results) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var norm = new ChannelNorm(scales);
        var input = KernelMemory.Pointer<T>(activations);
        var other = KernelMemory.Pointer<T>(addend);
        var output = KernelMemory.Pointer<T>(results);
        var below = Vector256.Create(slope);
        for (var at = (end - 1L) * norm.Channels; at >= (long)start * norm.Channels; at -= norm.Channels)
        {
            for (var c = 0; c < norm.Channels; c += Lanes16.Count)
            {
                var (low, high) = Lanes16.Load(input + at + c);
                (low, high) = (norm.Apply(low, c), norm.Apply(high, c + 8));
                if (other != null)
                {
                    var (otherLow, otherHigh) = Lanes16.Load(other + at + c);
                    (low, high) = (low + otherLow, high + otherHigh);
                }

                Lanes16.Store(low * ChannelNorm.Factor(low, below), high * ChannelNorm.Factor(high, below), output + at + c);
            }
        }
    }
}

/// <summary>Sums, for each channel over some rows, the gradient by z, and that times x - mean.</summary>
internal sealed unsafe class BatchNormSums(
    Tensor activations, Tensor gradients, Tensor scales, float slope, Tensor sums, Tensor? results, Tensor? addendGradient) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var norm = new ChannelNorm(scales);
        var channels = norm.Channels;
        var input = KernelMemory.Pointer<T>(activations);
        var gradient = KernelMemory.Pointer<T>(gradients);
        var output = KernelMemory.Pointer<T>(results);
        var kept = KernelMemory.Pointer<T>(addendGradient);
        var total = new Span<double>(KernelMemory.Pointer<double>(sums) + (2L * part * channels), 2 * channels);
        var below = Vector256.Create(slope);
        var chunk = stackalloc float[2 * channels];
        total.Clear();
        for (var first = start; first < end; first += ChannelMoments.ChunkRows(channels))
        {
            var last = Math.Min(end, first + ChannelMoments.ChunkRows(channels));
            new Span<float>(chunk, 2 * channels).Clear();
            for (var at = (long)first * channels; at < (long)last * channels; at += channels)
            {
                for (var c = 0; c < channels; c += Lanes16.Count)
                {
                    var (low, high) = Lanes16.Load(input + at + c);
                    var (lowGradient, highGradient) = Lanes16.Load(gradient + at + c);
                    if (kept == null)
                    {
                        lowGradient *= ChannelNorm.Factor(norm.Apply(low, c), below);
                        highGradient *= ChannelNorm.Factor(norm.Apply(high, c + 8), below);
                    }
                    else
                    {
                        var (lowResult, highResult) = Lanes16.Load(output + at + c);
                        lowGradient *= ChannelNorm.Factor(lowResult, below);
                        highGradient *= ChannelNorm.Factor(highResult, below);
                        Lanes16.Store(lowGradient, highGradient, kept + at + c);
                    }

                    (Vector256.Load(chunk + c) + lowGradient).Store(chunk + c);
                    (Vector256.Load(chunk + c + 8) + highGradient).Store(chunk + c + 8);
                    var products = chunk + channels + c;
                    Vector256.FusedMultiplyAdd(norm.Center(low, c), lowGradient, Vector256.Load(products)).Store(products);
                    Vector256.FusedMultiplyAdd(norm.Center(high, c + 8), highGradient, Vector256.Load(products + 8)).Store(products + 8);
                }
            }

            for (var i = 0; i < total.Length; i++)
            {
                total[i] += chunk[i];
            }
        }
    }
}

/// <summary>Writes the gradient by x for some rows: scale * (gradient by z - offset - (x - mean) * share).</summary>
internal sealed unsafe class BatchNormBackward(
    Tensor activations, Tensor gradients, Tensor scales, float slope, Tensor means, Tensor results) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var norm = new ChannelNorm(scales);
        var input = KernelMemory.Pointer<T>(activations);
        var gradient = KernelMemory.Pointer<T>(gradients);
        var offsets = KernelMemory.Pointer<float>(means);
        var result = KernelMemory.Pointer<T>(results);
        var below = Vector256.Create(slope);
        for (var at = (end - 1L) * norm.Channels; at >= (long)start * norm.Channels; at -= norm.Channels)
        {
            for (var c = 0; c < norm.Channels; c += Lanes16.Count)
            {
                var (low, high) = Lanes16.Load(input + at + c);
                var (lowGradient, highGradient) = Lanes16.Load(gradient + at + c);
                lowGradient *= ChannelNorm.Factor(norm.Apply(low, c), below);
                highGradient *= ChannelNorm.Factor(norm.Apply(high, c + 8), below);
                (low, high) = (Change(low, lowGradient, norm, offsets, c), Change(high, highGradient, norm, offsets, c + 8));
                Lanes16.Store(low, high, result + at + c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Change(Vector256<float> x, Vector256<float> gradient, ChannelNorm norm, float* offsets, int c)
    {
        var (offset, share) = (Vector256.Load(offsets + c), Vector256.Load(offsets + norm.Channels + c));
        return Vector256.FusedMultiplyAdd(-norm.Center(x, c), share, gradient - offset) * norm.Scale(c);
    }
}
