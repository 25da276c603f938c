using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Batch norm's numbers for each channel, as the kernels read them; valid while the tensor they lie in lives.</summary>
/// <param name="numbers">Scale, shift and mean, (3, C).</param>
/// <param name="channels">C.</param>
internal readonly unsafe struct ChannelNorm(float* numbers, int channels)
{
    /// <summary>C.</summary>
    public int Channels => channels;

    /// <summary>Weight / sqrt(variance + epsilon), (C).</summary>
    public float* Scale => numbers;

    /// <summary>Normalises eight channels: x * scale + shift.</summary>
    /// <remarks>Forward and backward pass take the sign from this very sum, so they cannot disagree by rounding.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(Vector256<float> x, int channel) =>
        Vector256.FusedMultiplyAdd(x, Vector256.Load(numbers + channel), Vector256.Load(numbers + channels + channel));

    /// <summary>Takes the mean off eight channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Centre(Vector256<float> x, int channel) => x - Vector256.Load(numbers + (2 * channels) + channel);
}
