using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Sampling;

/// <summary>Pictures out of a generator: picture k of a seed is the same whatever else is asked for.</summary>
/// <remarks>A product of matrices may add in another order when it has another number of rows, so pictures are always made in whole blocks:
/// picture k in place k modulo 128 of block k / 128. With OpenMP each thread makes a block by itself, and the bytes are the same on the
/// same processor with the same dtype; else also with the same number of threads.</remarks>
internal static class GeneratorSampler
{
    public const int BlockSize = 128;

    // At once: each takes some 50 MB, whatever the threads.
    private const int MostBlocks = 8;

    /// <summary>Makes pictures, or with another seed those on the way from the first picture of one seed to that of the other: pixels,
    /// (count, C, H, W), uint8.</summary>
    public static Tensor Sample(
        DcganGenerator generator, SampleOptions options, long? otherSeed = null, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var network = generator.Options;
        if (options.Class is { } target && (target < 0 || target >= network.Classes))
        {
            throw new ArgumentException(
                network.Classes == 0
                    ? "Expected no class, for the generator is not conditional."
                    : $"Expected a class from 0 to {network.Classes - 1} but got {target}.",
                nameof(options));
        }

        using var scope = NewDisposeScope();
        using var evaluation = new EvaluationMode(generator);
        using var withoutGradients = no_grad();
        var pixels = empty([options.Count, network.Channels, network.Height, network.Width], ScalarType.Byte);
        var ends = otherSeed is { } other ? new[] { Draw(options.Seed, 0), Draw(other, 0) } : null;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, ends is null ? 1 : ends.Length);
        var first = ends is null ? options.First : 0;
        var end = first + options.Count;
        var blocks = Math.Min(ThreadParts.Most, MostBlocks);
        for (var start = first / BlockSize * BlockSize; start < end; start += blocks * BlockSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThreadParts.Run(blocks, block => MakeBlock(start + (block * BlockSize)));
            progress?.Report((int)(Math.Min(end, start + (blocks * BlockSize)) - first));
            NativeLeftovers.ReleaseSometimes(blocks);
        }

        return pixels.MoveToOuterDisposeScope();

        // Makes the pictures of a block that are asked for, if any, and gives their number.
        int MakeBlock(long start)
        {
            var (from, to) = (Math.Max(first, start), Math.Min(end, start + BlockSize));
            if (from >= to)
            {
                return 0;
            }

            using var blockScope = NewDisposeScope();
            long[] indices = [.. Enumerable.Range(0, BlockSize).Select(place => start + place)];
            var latents = AlignedTensor.Copy([.. indices.SelectMany(LatentsOf)], BlockSize, network.Latent);
            var labels = network.Classes > 0 ? tensor(Array.ConvertAll(indices, LabelAt)) : null;
            var made = PixelBatch.FromSigned(generator.Generate(latents, labels));
            pixels.narrow(0, from - first, to - from).copy_(made.narrow(0, from - start, to - from));
            return (int)(to - from);
        }

        float[] LatentsOf(long index) => ends is null
            ? Draw(options.Seed, index)
            : Latents.Interpolate(ends[0], ends[1], Math.Min(1, index / (options.Count - 1.0)));

        float[] Draw(long seed, long index) => Latents.Draw(seed, index, network.Latent, options.Truncation);

        long LabelAt(long index) => LabelOf(ends is null ? index : 0, options.Class, network.Classes);
    }

    public static int LabelOf(long index, int? @class, int classes) => @class ?? (int)(index % classes);
}
