namespace PhotoMl.Tests.Training;

/// <summary>Short generative runs for tests.</summary>
internal static class GanRuns
{
    /// <summary>Four weights, and three pairs of batch norm.</summary>
    public const int GeneratorParameters = 4 + 6;

    /// <summary>Three layers with biases.</summary>
    public const int DiscriminatorParameters = 6;

    /// <summary>And the vectors of the classes.</summary>
    public const int ConditionalDiscriminatorParameters = DiscriminatorParameters + 1;

    public static readonly DcganOptions Network = new() { Latent = 8 };

    /// <summary>3 steps an epoch on 10 images.</summary>
    public static readonly GanTrainingOptions Options = new() { Epochs = 2, BatchSize = 4, EmaDecay = 0 };

    /// <summary>
    /// Pairs of images whose pixels differ by one level, a distance of 28: what any generator makes is as different from each other, unless
    /// it makes the same picture again and again. Short runs on them are healthy.
    /// </summary>
    public static ImageDataset Images(long seed = 1, int count = 10, int classes = 4, int channels = 1, int height = 28, int width = 28)
    {
        using var single = SyntheticImages.Create((count + 1) / 2, seed, classes, channels, height, width);
        using var scope = NewDisposeScope();
        var pairs = cat([single.Images, single.Images.bitwise_xor(tensor((byte)1))], 0).narrow(0, 0, count).clone();
        return new ImageDataset(single.Name, pairs, cat([single.Labels, single.Labels], 0).narrow(0, 0, count).clone(), single.ClassNames);
    }

    /// <summary>An epoch that ended in health.</summary>
    public static GanEpochReport Report(int epoch, double seconds = 1) => new()
    {
        Epoch = epoch,
        DiscriminatorLoss = -1.5,
        GeneratorLoss = 2.5,
        RealScore = 0.5,
        GeneratedScore = 0.25,
        Diversity = 0.75,
        ClassEntropy = 1.5,
        IsCollapsed = false,
        LearningRate = 0.001,
        Seconds = seconds,
        ImagesPerSecond = 4321.5,
    };

    /// <summary>Trains from the start.</summary>
    public static GanRun Train(
        ImageDataset data, GanTrainingOptions options, DcganOptions? network = null, RunFolder? run = null,
        Action<GanProgress, DcganGenerator, DcganDiscriminator>? progress = null)
    {
        using var gan = new Gan(options, network);
        return gan.Fit(data, run, report => progress?.Invoke(report, gan.Generator, gan.Discriminator));
    }

    /// <summary>Begins a run and cancels it after its first step.</summary>
    public static void Interrupt(
        ImageDataset data, string path, DcganOptions? network = null, GanTrainingOptions? options = null,
        ImageClassifier? classifier = null)
    {
        using var run = RunFolder.Create(path);
        using var gan = new Gan(options, network, classifier);
        Assert.Throws<OperationCanceledException>(() => gan.Fit(data, run, cancellationToken: new CancellationToken(canceled: true)));
    }

    /// <summary>Has a generator make one picture again and again.</summary>
    public static void MakeConstant(DcganGenerator generator) => Fill(generator, "dense.weight", 0);

    public static void Fill(nn.Module network, string parameter, float value)
    {
        using var withoutGradients = no_grad();
        network.get_parameter(parameter)!.fill_(value);
    }

    public static float[] Weights(nn.Module network, string parameter) => [.. network.get_parameter(parameter)!.data<float>()];
}

/// <summary>A trainer with its networks.</summary>
internal sealed class Gan : IDisposable
{
    public Gan(GanTrainingOptions? options = null, DcganOptions? network = null, ImageClassifier? classifier = null)
    {
        options ??= GanRuns.Options;
        (Generator, Discriminator) = GanTrainer.CreateNetworks(network ?? GanRuns.Network, options.Seed);
        Trainer = new GanTrainer(Generator, Discriminator, options, classifier);
    }

    public Gan(RunFolder run, ImageClassifier? classifier = null)
    {
        Trainer = GanTrainer.Resume(run, classifier, out var generator, out var discriminator);
        (Generator, Discriminator) = (generator, discriminator);
    }

    public DcganGenerator Generator { get; }

    public DcganDiscriminator Discriminator { get; }

    public GanTrainer Trainer { get; }

    public GanRun Fit(
        ImageDataset data, RunFolder? run = null, Action<GanProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var result = Trainer.Fit(data, run, progress is null ? null : new GanProgressCallback(progress), cancellationToken);
        return new GanRun(WeightBytes.Of(Generator), WeightBytes.Of(Discriminator), result);
    }

    public void Dispose()
    {
        Trainer.Dispose();
        Generator.Dispose();
        Discriminator.Dispose();
    }
}

/// <summary>What a run ended with.</summary>
internal sealed record GanRun(byte[] Generator, byte[] Discriminator, GanTrainingResult Result);

/// <summary>Calls back on the training thread.</summary>
internal sealed class GanProgressCallback(Action<GanProgress> action) : IProgress<GanProgress>
{
    public void Report(GanProgress value) => action(value);
}
