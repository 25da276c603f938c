using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>The batches of every epoch: all training images in a fresh order, and latents; all from the seed and the position.</summary>
internal sealed class GanBatches(ImageDataset data, DcganOptions network, GanTrainingOptions options)
{
    // As many pictures as an epoch has images, from one thousand, by which mean and variance of an activation are known to 3 % of its
    // standard deviation, to four thousand.
    private const int FewestStatisticsBatches = 4;
    private const int MostStatisticsBatches = 16;
    private const int StatisticsBatchSize = 256;

    private readonly EpochOrder _order = new([.. Enumerable.Range(0, data.Count).Select(index => (long)index)], options.Seed);

    /// <summary>How many batches of pictures batch-norm statistics are measured on.</summary>
    public int ForStatistics => Math.Clamp(_order.Count / StatisticsBatchSize, FewestStatisticsBatches, MostStatisticsBatches);

    /// <summary>The number of batches of an epoch. Their sizes differ by one at most, for batch norm would make little of a last batch of a
    /// few images, and nothing of one image: rather than that, a batch has one more than asked for.</summary>
    public int PerEpoch => Math.Min((_order.Count + options.BatchSize - 1) / options.BatchSize, _order.Count / 2);

    public GanBatch Get(int epoch, int step)
    {
        using var scope = NewDisposeScope();
        var indices = _order.Take(epoch, Start(step), Start(step + 1));
        var labels = network.Classes > 0 ? data.Labels.index_select(0, tensor(indices)).MoveToOuterDisposeScope() : null;
        var images = PixelBatch.ToSigned(data.Take(indices)).MoveToOuterDisposeScope();
        var latents = Draw(Random(RandomStream.Latents, epoch, step), indices.Length, network.Latent).MoveToOuterDisposeScope();
        return new GanBatch(images, labels, latents);
    }

    /// <summary>Makes the pictures that batch-norm statistics are measured on, from latents of their own.</summary>
    public void GenerateForStatistics(DcganGenerator generator, int epoch, int batch)
    {
        var latents = Draw(Random(RandomStream.Statistics, epoch, batch), StatisticsBatchSize, network.Latent);
        generator.Generate(
            latents, network.Classes > 0 ? arange(StatisticsBatchSize, ScalarType.Int64).remainder(network.Classes) : null);
    }

    public DeterministicRandom Random(RandomStream stream, int epoch, int step) => new(options.Seed, (long)stream, epoch, step);

    public static Tensor Draw(DeterministicRandom random, int count, int latent) =>
        AlignedTensor.Copy(random.NextGaussians(count * latent, deviation: 1), count, latent);

    private int Start(int step) => (int)((long)step * _order.Count / PerEpoch);
}

/// <summary>The input of one step; its tensors are the caller's. Images are generated of the classes of the real ones.</summary>
internal sealed record GanBatch(Tensor Images, Tensor? Labels, Tensor Latents);
