using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
        var below = Vector512.Create(slope);
        for (var at = (end - 1L) * norm.Channels; at >= (long)start * norm.Channels; at -= norm.Channels)
        {
            for (var c = 0; c < norm.Channels; c += Lanes16.Count)
            {
                var z = norm.Apply(Lanes16.Load(input + at + c), c);
                if (other != null)
                {
                    z += Lanes16.Load(other + at + c);
                }

                (z * ChannelNorm.Factor(z, below)).StoreAs(output + at + c);
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
        var below = Vector512.Create(slope);
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
                    var x = Lanes16.Load(input + at + c);
                    var z = kept == null ? norm.Apply(x, c) : Lanes16.Load(output + at + c);
                    var given = Lanes16.Load(gradient + at + c) * ChannelNorm.Factor(z, below);
                    if (kept != null)
                    {
                        given.StoreAs(kept + at + c);
                    }

                    (Lanes16.Load(chunk + c) + given).StoreAs(chunk + c);
                    Vector512.FusedMultiplyAdd(norm.Center(x, c), given, Lanes16.Load(chunk + channels + c)).StoreAs(chunk + channels + c);
                }
            }

            for (var i = 0; i < total.Length; i++)
            {
                total[i] += chunk[i];
            }
        }
    }
}

/// <summary>Writes the gradient by x for some rows: scale * (gradient by z - offset + (x - mean) * share).</summary>
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
        var below = Vector512.Create(slope);
        for (var at = (end - 1L) * norm.Channels; at >= (long)start * norm.Channels; at -= norm.Channels)
        {
            for (var c = 0; c < norm.Channels; c += Lanes16.Count)
            {
                var x = Lanes16.Load(input + at + c);
                var given = Lanes16.Load(gradient + at + c) * ChannelNorm.Factor(norm.Apply(x, c), below);
                var (offset, share) = (Lanes16.Load(offsets + c), Lanes16.Load(offsets + norm.Channels + c));
                (Vector512.FusedMultiplyAdd(norm.Center(x, c), share, given - offset) * norm.Scale(c)).StoreAs(result + at + c);
            }
        }
    }
}
