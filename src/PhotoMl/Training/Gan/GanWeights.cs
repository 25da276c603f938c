using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>All tensors of a generative run: both networks, what their optimizers remember, the generator's moving average (EMA) and the last healthy weights.</summary>
internal sealed class GanWeights : RunWeights
{
    private const string GeneratorPrefix = "generator.";
    private const string DiscriminatorPrefix = "discriminator.";

    // As many pictures as an epoch has images, from one thousand, by which mean and variance of an activation are known to 3 % of its standard deviation, to four thousand.
    private const int FewestStatisticsBatches = 4;
    private const int MostStatisticsBatches = 16;
    private const int StatisticsBatchSize = 256;

    private readonly DcganGenerator _generator;
    private readonly DcganDiscriminator _discriminator;
    private readonly DcganGenerator? _average;
    private readonly DcganDiscriminator _healthyDiscriminator;
    private readonly GanTrainingOptions _options;

    public GanWeights(DcganGenerator generator, DcganDiscriminator discriminator, GanTrainingOptions options)
    {
        _generator = generator;
        _discriminator = discriminator;
        _options = options;
        _average = options.EmaDecay > 0 ? Copy(generator) : null;
        Healthy = Copy(generator);
        _healthyDiscriminator = new DcganDiscriminator(discriminator.Options) { Precision = discriminator.Precision };
        NetworkWeights.Copy(discriminator, _healthyDiscriminator);
        GeneratorOptimizer = Adam(generator);
        DiscriminatorOptimizer = Adam(discriminator);
    }

    public Optimizer GeneratorOptimizer { get; }
    public Optimizer DiscriminatorOptimizer { get; }
    public DcganGenerator Evaluated => _average ?? _generator;

    /// <summary>The generator as it was evaluated in the last healthy epoch; before the first, the one the run began with.</summary>
    public DcganGenerator Healthy { get; }

    protected override IEnumerable<(string Prefix, nn.Module Network)> Networks
    {
        get
        {
            yield return (GeneratorPrefix, _generator);
            yield return (DiscriminatorPrefix, _discriminator);
            if (_average is not null)
            {
                yield return ("average.", _average);
            }

            yield return ("healthy_generator.", Healthy);
            yield return ("healthy_discriminator.", _healthyDiscriminator);
        }
    }

    protected override IEnumerable<(string Prefix, Optimizer Optimizer)> Optimizers =>
        [("generator_optimizer.", GeneratorOptimizer), ("discriminator_optimizer.", DiscriminatorOptimizer)];

    public static void Check(SafetensorsReader reader, DcganOptions network)
    {
        NetworkWeights.Check(reader, GeneratorPrefix, DcganGenerator.WeightShapes(network), GeneratorInfo.GeneratorKind);
        NetworkWeights.Check(reader, DiscriminatorPrefix, DcganDiscriminator.WeightShapes(network), "discriminator");
    }

    public void UpdateEma() => UpdateEma(_average, _generator, _options.EmaDecay, GeneratorOptimizer.Steps);

    /// <summary>Measures the batch-norm statistics of the EMA on pictures of their own latents.</summary>
    public void MeasureStatistics(GanBatches batches, int epoch, CancellationToken cancellationToken)
    {
        if (_average is null)
        {
            return;
        }

        var network = _average.Options;
        var count = Math.Clamp(batches.Images / StatisticsBatchSize, FewestStatisticsBatches, MostStatisticsBatches);
        MeasureStatistics(_average, _average.Momentum, value => _average.Momentum = value, count, Generate, cancellationToken);

        void Generate(int batch)
        {
            var latents = GanBatches.Draw(batches.Random(RandomStream.Statistics, epoch, batch), StatisticsBatchSize, network.Latent);
            var labels = network.Classes > 0 ? arange(StatisticsBatchSize, ScalarType.Int64).remainder(network.Classes) : null;
            _average.Generate(latents, labels);
        }
    }

    public void KeepHealthy()
    {
        NetworkWeights.Copy(Evaluated, Healthy);
        NetworkWeights.Copy(_discriminator, _healthyDiscriminator);
    }

    public void RestoreHealthy()
    {
        NetworkWeights.Copy(Healthy, _generator);
        NetworkWeights.Copy(_healthyDiscriminator, _discriminator);
        if (_average is not null)
        {
            NetworkWeights.Copy(Healthy, _average);
        }

        GeneratorOptimizer.Reset();
        DiscriminatorOptimizer.Reset();
    }

    public void Finish() => NetworkWeights.Copy(Healthy, _generator);

    public override void Dispose()
    {
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
        _average?.Dispose();
        Healthy.Dispose();
        _healthyDiscriminator.Dispose();
    }

    private static DcganGenerator Copy(DcganGenerator generator)
    {
        var copy = new DcganGenerator(generator.Options) { Precision = generator.Precision };
        NetworkWeights.Copy(generator, copy);
        return copy;
    }

    private AdamOptimizer Adam(nn.Module network) =>
        new(network.named_parameters(), weightDecay: 0, decoupled: false, _options.Beta1, _options.Beta2);
}
