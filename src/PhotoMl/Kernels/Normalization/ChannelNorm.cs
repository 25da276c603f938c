using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>What the channels of a batch are normalised by; valid while its tensor lives.</summary>
/// <remarks>What is computed once a channel is too little work for operators of torch: the calls would take longer.</remarks>
internal readonly unsafe struct ChannelNorm(Tensor norm)
{
    private readonly float* _scale = KernelMemory.Pointer<float>(norm);

    public int Channels { get; } = (int)norm.shape[1];

    public static Tensor Prepare(Tensor statistics, Tensor weight, Tensor bias, double epsilon)
    {
        var channels = statistics.shape[1];
        var norm = empty([4, channels]);
        var from = KernelMemory.Pointer<double>(statistics);
        var weights = KernelMemory.Pointer<float>(weight);
        var biases = KernelMemory.Pointer<float>(bias);
        var to = KernelMemory.Pointer<float>(norm);
        for (var c = 0; c < channels; c++)
        {
            var inverse = 1 / Math.Sqrt(from[channels + c] + epsilon);
            to[c] = (float)(weights[c] * inverse);
            to[channels + c] = (float)(biases[c] - (from[c] * weights[c] * inverse));
            to[(2 * channels) + c] = (float)from[c];
            to[(3 * channels) + c] = (float)inverse;
        }

        return norm;
    }

    /// <summary>Moves running statistics towards those of a batch, in place.</summary>
    public static void Update(Tensor runningMean, Tensor runningVariance, Tensor statistics, long rows, double momentum)
    {
        var channels = statistics.shape[1];
        var from = KernelMemory.Pointer<double>(statistics);
        var mean = KernelMemory.Pointer<float>(runningMean);
        var variance = KernelMemory.Pointer<float>(runningVariance);
        var unbiased = rows / (rows - 1.0);
        for (var c = 0; c < channels; c++)
        {
            mean[c] = (float)(((1 - momentum) * mean[c]) + (momentum * from[c]));
            variance[c] = (float)(((1 - momentum) * variance[c]) + (momentum * unbiased * from[channels + c]));
        }
    }

    /// <summary>Turns the sums of all parts into gradients by weight and bias, and into what that by the activations needs.</summary>
    public static (Tensor Weight, Tensor Bias, Tensor Means) SumGradients(Tensor sums, Tensor norm, long rows)
    {
        var (parts, channels) = (sums.shape[0], sums.shape[2]);
        var (weight, bias, means) = (empty(channels), empty(channels), empty([2, channels]));
        var from = KernelMemory.Pointer<double>(sums);
        var inverses = KernelMemory.Pointer<float>(norm) + (3 * channels);
        var toWeight = KernelMemory.Pointer<float>(weight);
        var toBias = KernelMemory.Pointer<float>(bias);
        var toMeans = KernelMemory.Pointer<float>(means);
        var share = rows == 0 ? 0 : 1.0 / rows;
        for (var c = 0; c < channels; c++)
        {
            var (sum, product) = (0.0, 0.0);
            for (var part = 0; part < parts; part++)
            {
                sum += from[(2 * part * channels) + c];
                product += from[(((2 * part) + 1) * channels) + c];
            }

            toBias[c] = (float)sum;
            toWeight[c] = (float)(product * inverses[c]);
            toMeans[c] = (float)(sum * share);
            toMeans[channels + c] = -(float)(product * share * inverses[c] * inverses[c]);
        }

        return (weight, bias, means);
    }

    /// <summary>Weight / sqrt(variance + epsilon) of sixteen channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Scale(int channel) => Lanes16.Load(_scale + channel);

    /// <summary>Normalises sixteen channels: x * scale + shift.</summary>
    /// <remarks>Forward and backward pass take the sign from this very sum, so they cannot disagree by rounding.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Apply(Vector512<float> x, int channel) =>
        Vector512.FusedMultiplyAdd(x, Scale(channel), Lanes16.Load(_scale + Channels + channel));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Center(Vector512<float> x, int channel) => x - Lanes16.Load(_scale + (2 * Channels) + channel);

    /// <summary>The slope of leaky ReLU: one above zero, another elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Factor(Vector512<float> z, Vector512<float> below) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(z, Vector512<float>.Zero), Vector512<float>.One, below);
}
