using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Sampling;

/// <summary>Pictures out of a generator: picture k of a seed is the same whatever else is asked for.</summary>
/// <remarks>A product of matrices may add in another order when it has another number of rows, so pictures are always made in whole blocks:
/// picture k in place k modulo 128 of block k / 128. On the same processor with the same number of threads and number format the bytes are
/// the same.</remarks>
internal static class GeneratorSampler
{
    public const int BlockSize = 128;

    /// <summary>Makes pictures: pixels, (count, C, H, W), uint8.</summary>
    public static Tensor Sample(DcganGenerator generator, SampleOptions options, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var network = generator.Options;
        CheckClass(options.Class, network.Classes);
        using var scope = NewDisposeScope();
        var pixels = empty([options.Count, network.Channels, network.Height, network.Width], ScalarType.Byte);
        var (first, end) = (options.First, options.First + options.Count);
        var leftovers = 0;
        for (var block = first / BlockSize; block * BlockSize < end; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var blockScope = NewDisposeScope();
            var start = block * BlockSize;
            var made = Generate(generator, DrawLatents(network.Latent, start, options), network.Classes > 0 ? Labels(start, options.Class, network.Classes) : null);
            var (from, to) = (Math.Max(first, start), Math.Min(end, start + BlockSize));
            pixels.narrow(0, from - first, to - from).copy_(made.narrow(0, from - start, to - from));
            progress?.Report((int)(to - first));
            NativeLeftovers.ReleaseSometimes(ref leftovers);
        }

        return pixels.MoveToOuterDisposeScope();
    }

    /// <summary>Makes the pictures on the way from the first picture of one seed to that of another: pixels, (count, C, H, W),
    /// uint8.</summary>
    public static Tensor Interpolate(DcganGenerator generator, SampleOptions options, long otherSeed, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 2);
        var network = generator.Options;
        CheckClass(options.Class, network.Classes);
        var (from, to) = (new float[network.Latent], new float[network.Latent]);
        Latents.Draw(options.Seed, 0, from, options.Truncation);
        Latents.Draw(otherSeed, 0, to, options.Truncation);
        using var scope = NewDisposeScope();
        var pixels = empty([options.Count, network.Channels, network.Height, network.Width], ScalarType.Byte);
        for (var start = 0; start < options.Count; start += BlockSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var blockScope = NewDisposeScope();
            var latents = new float[BlockSize * network.Latent];
            for (var i = 0; i < BlockSize; i++)
            {
                var share = Math.Min(1, (start + i) / (options.Count - 1.0));
                Latents.Interpolate(from, to, share).CopyTo(latents, i * network.Latent);
            }

            var count = Math.Min(BlockSize, options.Count - start);
            var made = Generate(generator, AlignedTensor.Copy(latents, BlockSize, network.Latent), network.Classes > 0 ? Labels(0, options.Class ?? 0, network.Classes) : null);
            pixels.narrow(0, start, count).copy_(made.narrow(0, 0, count));
        }

        return pixels.MoveToOuterDisposeScope();
    }

    public static int LabelOf(long index, int? @class, int classes) => @class ?? (int)(index % classes);

    private static Tensor Generate(DcganGenerator generator, Tensor latents, Tensor? labels)
    {
        using var evaluation = new EvaluationMode(generator);
        using var withoutGradients = no_grad();
        using var images = generator.Generate(latents, labels);
        return PixelBatch.FromSigned(images);
    }

    private static Tensor DrawLatents(int latent, long start, SampleOptions options)
    {
        var values = new float[BlockSize * latent];
        for (var i = 0; i < BlockSize; i++)
        {
            Latents.Draw(options.Seed, start + i, values.AsSpan(i * latent, latent), options.Truncation);
        }

        return AlignedTensor.Copy(values, BlockSize, latent);
    }

    private static Tensor Labels(long start, int? @class, int classes) =>
        tensor([.. Enumerable.Range(0, BlockSize).Select(i => (long)LabelOf(start + i, @class, classes))], ScalarType.Int64);

    private static void CheckClass(int? @class, int classes)
    {
        if (@class is { } target && (target < 0 || target >= classes))
        {
            throw new ArgumentException(
                classes == 0 ? "Expected no class, for the generator is not conditional." : $"Expected a class from 0 to {classes - 1} but got {target}.", nameof(@class));
        }
    }
}
