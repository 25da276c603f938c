using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Sampling;

/// <summary>Pictures out of a generator: picture k of a seed is the same whatever else is asked for.</summary>
/// <remarks>A product of matrices may add in another order when it has another number of rows, so pictures are always made in whole blocks:
/// picture k in place k modulo 128 of block k / 128. On the same processor with the same number of threads and dtype the bytes are the
/// same.</remarks>
internal static class GeneratorSampler
{
    public const int BlockSize = 128;

    /// <summary>Makes pictures: pixels, (count, C, H, W), uint8.</summary>
    public static Tensor Sample(
        DcganGenerator generator, SampleOptions options, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var network = generator.Options;
        return Make(generator, options, options.First, Draw, Label, progress, cancellationToken);

        float[] Draw(long index) => Latents.Draw(options.Seed, index, network.Latent, options.Truncation);

        int Label(long index) => LabelOf(index, options.Class, network.Classes);
    }

    /// <summary>Makes the pictures on the way from the first picture of one seed to that of another: pixels, (count, C, H, W),
    /// uint8.</summary>
    public static Tensor Interpolate(
        DcganGenerator generator, SampleOptions options, long otherSeed, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 2);
        var from = Latents.Draw(options.Seed, 0, generator.Options.Latent, options.Truncation);
        var to = Latents.Draw(otherSeed, 0, generator.Options.Latent, options.Truncation);
        return Make(generator, options, 0, Draw, _ => options.Class ?? 0, progress: null, cancellationToken);

        float[] Draw(long index) => Latents.Interpolate(from, to, Math.Min(1, index / (options.Count - 1.0)));
    }

    public static int LabelOf(long index, int? @class, int classes) => @class ?? (int)(index % classes);

    private static Tensor Make(
        DcganGenerator generator,
        SampleOptions options,
        long first,
        Func<long, float[]> draw,
        Func<long, int> label,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
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
        var end = first + options.Count;
        for (var start = first / BlockSize * BlockSize; start < end; start += BlockSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var blockScope = NewDisposeScope();
            long[] indices = [.. Enumerable.Range(0, BlockSize).Select(place => start + place)];
            var latents = AlignedTensor.Copy([.. indices.SelectMany(draw)], BlockSize, network.Latent);
            var labels = network.Classes > 0 ? tensor([.. indices.Select(index => (long)label(index))], ScalarType.Int64) : null;
            var made = PixelBatch.FromSigned(generator.Generate(latents, labels));
            var (from, to) = (Math.Max(first, start), Math.Min(end, start + BlockSize));
            pixels.narrow(0, from - first, to - from).copy_(made.narrow(0, from - start, to - from));
            progress?.Report((int)(to - first));
            NativeLeftovers.ReleaseSometimes();
        }

        return pixels.MoveToOuterDisposeScope();
    }
}
