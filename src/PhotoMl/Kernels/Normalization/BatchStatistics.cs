using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>The statistics of a batch that batch norm needs: taken part by part, and merged in order, so that the same threads give the same bits.</summary>
internal static unsafe class BatchStatistics
{
    /// <summary>Takes mean and biased variance of each channel.</summary>
    /// <param name="input">Activations, (N, H, W, C), contiguous.</param>
    /// <returns>Mean and variance, (2, C), float64.</returns>
    public static Tensor Take(Tensor input)
    {
        var parts = ParallelRanges.Parts;
        using var moments = empty([parts, 2, input.shape[3]], ScalarType.Float64);
        if (input.dtype == ScalarType.BFloat16)
        {
            Run<ushort>(input, moments, parts);
        }
        else
        {
            Run<float>(input, moments, parts);
        }

        return moments[0].clone();
    }

    /// <summary>How many pixels, N * H * W, each channel has.</summary>
    public static int Rows(Tensor input) => (int)(input.numel() / input.shape[3]);

    private static void Run<T>(Tensor input, Tensor moments, int parts)
        where T : unmanaged
    {
        var (rows, channels) = (Rows(input), (int)input.shape[3]);
        var from = KernelMemory.Pointer<T>(input);
        var mean = KernelMemory.Pointer<double>(moments);
        var squares = mean + channels;
        var counts = new int[parts];
        ParallelRanges.For(rows, parts, (part, start, end) =>
        {
            var offset = 2L * part * channels;
            counts[part] = end - start;
            ChannelMoments<T>.Take(from, channels, mean + offset, squares + offset, start, end);
        });

        // The first part takes in all others; where there are more threads than rows, it is empty itself, as others are.
        var count = counts[0];
        for (var part = 1; part < parts; part++)
        {
            if (counts[part] > 0)
            {
                var offset = 2L * part * channels;
                ChannelMoments<T>.Merge(mean, squares, count, mean + offset, squares + offset, counts[part], channels);
                count += counts[part];
            }
        }

        for (var c = 0; c < channels; c++)
        {
            squares[c] /= rows;
        }
    }
}
