using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>All tensors of a generative run: both networks, what their optimisers remember, the generator's moving average and the last healthy weights.</summary>
internal sealed class GanWeights : IDisposable
{
    /// <summary>What the names of the generator's weights begin with in a checkpoint.</summary>
    public const string GeneratorPrefix = "generator.";

    /// <summary>What the names of the discriminator's weights begin with in a checkpoint.</summary>
    public const string DiscriminatorPrefix = "discriminator.";

    private const string AveragePrefix = "average.";
    private const string HealthyGeneratorPrefix = "healthy_generator.";
    private const string HealthyDiscriminatorPrefix = "healthy_discriminator.";
    private const string GeneratorOptimizerPrefix = "generator_optimizer.";
    private const string DiscriminatorOptimizerPrefix = "discriminator_optimizer.";

    // Four thousand pictures tell the mean and variance of an activation to a few percent of its spread.
    private const int StatisticsBatches = 16;
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
        _average = options.WeightAverage > 0 ? Copy(generator) : null;
        Healthy = Copy(generator);
        _healthyDiscriminator = new DcganDiscriminator(discriminator.Options) { Precision = discriminator.Precision };
        NetworkWeights.Copy(discriminator, _healthyDiscriminator);
        GeneratorOptimizer = Adam(generator);
        DiscriminatorOptimizer = Adam(discriminator);
    }

    /// <summary>Moves the generator.</summary>
    public Optimizer GeneratorOptimizer { get; }

    /// <summary>Moves the discriminator.</summary>
    public Optimizer DiscriminatorOptimizer { get; }

    /// <summary>The generator that is looked at: the moving average where there is one.</summary>
    public DcganGenerator Judged => _average ?? _generator;

    /// <summary>The generator as it was looked at in the last healthy epoch; before the first, the one the run began with.</summary>
    public DcganGenerator Healthy { get; }

    /// <summary>Lets the average follow the generator after a step.</summary>
    public void Follow()
    {
        if (_average is not null)
        {
            WeightAverage.Follow(_average, _generator, _options.WeightAverage, GeneratorOptimizer.Steps);
        }
    }

    /// <summary>Measures the statistics of batch norm that belong to the averaged weights.</summary>
    /// <remarks>An average of statistics is not the statistics of an average (P. Izmailov et al., "Averaging Weights Leads to Wider Optima", UAI 2018, section 3.2).</remarks>
    /// <param name="batches">Where the random numbers come from.</param>
    /// <param name="epoch">The epoch that has ended.</param>
    /// <param name="cancellationToken">Stops between two batches; measuring again begins anew.</param>
    public void MeasureStatistics(GanBatches batches, int epoch, CancellationToken cancellationToken)
    {
        if (_average is null)
        {
            return;
        }

        var network = _average.Options;
        var momentum = _average.Momentum;
        using var withoutGradients = no_grad();
        _average.train();
        try
        {
            for (var batch = 0; batch < StatisticsBatches; batch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                _average.Momentum = 1.0 / (batch + 1); // the plain mean over all batches
                var latents = GanBatches.Draw(batches.Random(RandomStream.Statistics, epoch, batch), StatisticsBatchSize, network.Latent);
                var labels = network.Classes > 0 ? arange(StatisticsBatchSize, ScalarType.Int64).remainder(network.Classes) : null;
                _average.Generate(latents, labels);
            }
        }
        finally
        {
            _average.Momentum = momentum;
            _average.eval();
        }
    }

    /// <summary>Keeps the judged weights as healthy.</summary>
    public void KeepHealthy()
    {
        NetworkWeights.Copy(Judged, Healthy);
        NetworkWeights.Copy(_discriminator, _healthyDiscriminator);
    }

    /// <summary>Puts the last healthy weights back, and lets the optimisers forget.</summary>
    public void RestoreHealthy()
    {
        NetworkWeights.Copy(Healthy, _generator);
        NetworkWeights.Copy(_healthyDiscriminator, _discriminator);
        if (_average is not null)
        {
            NetworkWeights.Copy(Healthy, _average);
        }

        GeneratorOptimizer.Forget();
        DiscriminatorOptimizer.Forget();
    }

    /// <summary>Puts the kept weights into the generator that was trained.</summary>
    public void Finish() => NetworkWeights.Copy(Healthy, _generator);

    /// <summary>Whether every weight being trained is a finite number.</summary>
    public bool AreFinite() => NetworkWeights.AreFinite(_generator) && NetworkWeights.AreFinite(_discriminator);

    /// <summary>Names every tensor for a checkpoint.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Named() =>
        Networks().SelectMany(network => NetworkWeights.Named(network.Network, network.Prefix))
            .Concat(Optimizers().SelectMany(entry => entry.Optimizer.State.Select(state => KeyValuePair.Create(entry.Prefix + state.Key, state.Value))));

    /// <summary>Takes every tensor from a checkpoint.</summary>
    /// <exception cref="InvalidModelException">A tensor is missing, too many or of another shape, or a weight is not finite.</exception>
    public void Restore(SafetensorsReader reader)
    {
        foreach (var (prefix, network) in Networks())
        {
            CheckNetwork(reader, prefix, network);
            NetworkWeights.CopyTo(reader, prefix, network);
        }

        foreach (var (prefix, optimizer) in Optimizers())
        {
            foreach (var (name, tensor) in optimizer.State)
            {
                reader.CopyTo(prefix + name, tensor);
            }
        }

        if (reader.Tensors.Keys.Except(Named().Select(entry => entry.Key)).FirstOrDefault() is { } extra)
        {
            throw new InvalidModelException(reader.Path, "the tensors of this run", $"also {extra}");
        }
    }

    /// <summary>Checks the sizes of both networks in a checkpoint before any is made.</summary>
    public static void Check(SafetensorsReader reader, DcganOptions network)
    {
        NetworkWeights.Check(reader, GeneratorPrefix, DcganGenerator.WeightShapes(network), GeneratorInfo.GeneratorKind);
        NetworkWeights.Check(reader, DiscriminatorPrefix, DcganDiscriminator.WeightShapes(network), "discriminator");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
        _average?.Dispose();
        Healthy.Dispose();
        _healthyDiscriminator.Dispose();
    }

    private static void CheckNetwork(SafetensorsReader reader, string prefix, nn.Module network) => NetworkWeights.Check(
        reader,
        prefix,
        network is DcganGenerator generator ? DcganGenerator.WeightShapes(generator.Options) : DcganDiscriminator.WeightShapes(((DcganDiscriminator)network).Options),
        network is DcganGenerator ? GeneratorInfo.GeneratorKind : "discriminator");

    private static DcganGenerator Copy(DcganGenerator generator)
    {
        var copy = new DcganGenerator(generator.Options) { Precision = generator.Precision };
        NetworkWeights.Copy(generator, copy);
        return copy;
    }

    private IEnumerable<(string Prefix, nn.Module Network)> Networks()
    {
        yield return (GeneratorPrefix, _generator);
        yield return (DiscriminatorPrefix, _discriminator);
        if (_average is not null)
        {
            yield return (AveragePrefix, _average);
        }

        yield return (HealthyGeneratorPrefix, Healthy);
        yield return (HealthyDiscriminatorPrefix, _healthyDiscriminator);
    }

    private IEnumerable<(string Prefix, Optimizer Optimizer)> Optimizers() =>
        [(GeneratorOptimizerPrefix, GeneratorOptimizer), (DiscriminatorOptimizerPrefix, DiscriminatorOptimizer)];

    private AdamOptimizer Adam(nn.Module network) =>
        new(network.named_parameters(), weightDecay: 0, decoupled: false, _options.Beta1, _options.Beta2);
}
