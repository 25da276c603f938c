namespace PhotoMl.Tests.Training;

public sealed class GanTrainerTests : IDisposable
{
    private static readonly GanTrainingOptions OneStep = GanRuns.Options with { Epochs = 1, BatchSize = 10 };

    private readonly ImageDataset _data = GanRuns.Images();

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        var options = GanRuns.Options with { Epochs = 1 };
        manual_seed(1);
        var first = GanRuns.Train(_data, options);
        manual_seed(2);
        var again = GanRuns.Train(_data, options);
        var other = GanRuns.Train(_data, options with { Seed = 2 });

        Assert.Equal(first.Generator, again.Generator);
        Assert.Equal(first.Discriminator, again.Discriminator);
        Assert.NotEqual(first.Generator, other.Generator);
        Assert.NotEqual(first.Discriminator, other.Discriminator);
    }

    [Theory]
    [InlineData(GanLossKind.NonSaturating)]
    [InlineData(GanLossKind.Minimax)]
    [InlineData(GanLossKind.LeastSquares)]
    [InlineData(GanLossKind.WganGp)]
    [InlineData(GanLossKind.Hinge)]
    public void Every_loss_trains_both_networks_and_reports_finite_numbers(GanLossKind kind)
    {
        byte[]? generatorBefore = null;
        byte[]? discriminatorBefore = null;
        var run = GanRuns.Train(_data, OneStep with { Epochs = 2, Loss = kind }, progress: (_, generator, discriminator) =>
        {
            generatorBefore ??= WeightBytes.Of(generator);
            discriminatorBefore ??= WeightBytes.Of(discriminator);
        });

        Assert.Equal([1, 2], run.Result.History.Select(epoch => epoch.Epoch));
        Assert.All(run.Result.History, AssertFinite);
        Assert.NotEqual(generatorBefore, run.Generator);
        Assert.NotEqual(discriminatorBefore, run.Discriminator);
    }

    /// <summary>Of a discriminator whose every logit is 1/2: softplus(1/2) = 0.974077, softplus(-1/2) = 0.474077, sigmoid(1/2) = 0.622459.</summary>
    [Theory]
    [InlineData(GanLossKind.NonSaturating, 0.974077 + 0.474077, 0.474077, 0.622459)]
    [InlineData(GanLossKind.Minimax, 0.974077 + 0.474077, -0.974077, 0.622459)]
    [InlineData(GanLossKind.LeastSquares, (0.25 + 0.25) / 2, 0.25 / 2, 0.5)]
    [InlineData(GanLossKind.WganGp, 10, -0.5, 0.5)] // no slope at all is 1 too little, which is punished ten times
    [InlineData(GanLossKind.Hinge, 0.5 + 1.5, -0.5, 0.5)]
    public void The_figures_of_a_discriminator_that_judges_all_alike_are_as_computed_by_hand(GanLossKind kind, double discriminatorLoss, double generatorLoss, double score)
    {
        var (generator, discriminator) = GanTrainer.CreateNetworks(GanRuns.Network, 1);
        using var _ = generator;
        using var __ = discriminator;
        GanRuns.Fill(discriminator, "dense.weight", 0);
        GanRuns.Fill(discriminator, "dense.bias", 0.5f);
        using var trainer = new GanTrainer(generator, discriminator, OneStep with { Loss = kind, LearningRate = 1e-9 });
        var epoch = trainer.Fit(_data).History.Single();

        Assert.Equal(discriminatorLoss, epoch.DiscriminatorLoss, tolerance: 1e-4);
        Assert.Equal(generatorLoss, epoch.GeneratorLoss, tolerance: 1e-4);
        Assert.Equal(score, epoch.RealScore, tolerance: 1e-4);
        Assert.Equal(score, epoch.GeneratedScore, tolerance: 1e-4);
    }

    [Theory]
    [InlineData(1, 28, 28, 4)]
    [InlineData(3, 28, 28, 0)]
    [InlineData(1, 32, 40, 0)]
    [InlineData(3, 29, 31, 4)]
    public void Images_of_other_sizes_and_classes_are_trained_on(int channels, int height, int width, int classes)
    {
        using var data = GanRuns.Images(count: 8, channels: channels, height: height, width: width);
        var network = new DcganOptions { Latent = 8, Channels = channels, Height = height, Width = width, Classes = classes };
        foreach (var kind in new[] { GanLossKind.NonSaturating, GanLossKind.WganGp })
        {
            var result = GanRuns.Train(data, GanRuns.Options with { Epochs = 1, Loss = kind }, network).Result;

            AssertFinite(result.History.Single());
            Assert.Equal(network, result.Info.Network);
        }
    }

    [Fact]
    public void An_odd_number_of_images_is_trained_on_in_batches_of_two()
    {
        using var data = GanRuns.Images(count: 5);
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Create(folder.File("run"));

        AssertFinite(GanRuns.Train(data, GanRuns.Options with { Epochs = 1, BatchSize = 2 }, run: run).Result.History.Single());
        GeneratorFile.Load(run.ModelPath).Dispose(); // which refuses weights that are no numbers
    }

    [Theory]
    [InlineData(1, "1 2 3 4 5 6")]
    [InlineData(2, "2 4 6")]
    [InlineData(4, "4")] // more than the three steps of an epoch
    [InlineData(100, "")]
    public void The_generator_is_moved_after_so_many_steps_of_the_discriminator(int discriminatorSteps, string expected)
    {
        using var network = GanTrainer.CreateNetworks(GanRuns.Network, 1).Generator;
        var (before, step) = (GanRuns.Weights(network, "conv3.weight"), 0);
        float[]? discriminatorBefore = null;
        var moved = new List<int>();
        var result = GanRuns.Train(_data, GanRuns.Options with { DiscriminatorSteps = discriminatorSteps }, progress: (report, generator, discriminator) =>
        {
            if (report.Completed is not null)
            {
                return;
            }

            step++;
            var now = GanRuns.Weights(generator, "conv3.weight");
            if (!now.SequenceEqual(before))
            {
                moved.Add(step);
            }

            before = now;
            var judge = GanRuns.Weights(discriminator, "conv1.weight");
            Assert.NotEqual(discriminatorBefore, judge);
            discriminatorBefore = judge;
        }).Result;

        Assert.Equal(6, step);
        Assert.Equal(expected, string.Join(' ', moved));
        Assert.Equal([3 / discriminatorSteps > 0, 6 / discriminatorSteps > 0], result.History.Select(epoch => double.IsFinite(epoch.GeneratorLoss)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.01)]
    public void Each_network_moves_at_its_own_rate(double? discriminatorLearningRate)
    {
        using var start = GanTrainer.CreateNetworks(GanRuns.Network, 1).Generator;
        using var judge = GanTrainer.CreateNetworks(GanRuns.Network, 1).Discriminator;
        GanRuns.Train(_data, OneStep with { LearningRate = 0.001, DiscriminatorLearningRate = discriminatorLearningRate }, progress: (report, generator, discriminator) =>
        {
            if (report.Completed is null)
            {
                // The first step of Adam is as long as the rate wherever the gradient is well above its epsilon.
                AssertMoved(0.001, GanRuns.Weights(start, "conv3.weight"), GanRuns.Weights(generator, "conv3.weight"));
                AssertMoved(discriminatorLearningRate ?? 0.001, GanRuns.Weights(judge, "dense.weight"), GanRuns.Weights(discriminator, "dense.weight"));
            }
        });

        static void AssertMoved(double rate, float[] before, float[] after)
        {
            var moves = before.Zip(after, (a, b) => Math.Abs((double)b - a)).Order().ToArray();
            Assert.InRange(moves[moves.Length / 2], 0.98 * rate, 1.001 * rate);
            Assert.InRange(moves[^1], 0.98 * rate, 1.001 * rate);
        }
    }

    [Fact]
    public void Label_smoothing_is_refused_where_the_loss_has_no_targets()
    {
        var (generator, discriminator) = GanTrainer.CreateNetworks(GanRuns.Network, 1);
        using var _ = generator;
        using var __ = discriminator;
        foreach (var kind in Enum.GetValues<GanLossKind>())
        {
            var options = GanRuns.Options with { LabelSmoothing = 0.1, Loss = kind };
            if (kind is GanLossKind.Hinge or GanLossKind.WganGp)
            {
                Assert.Contains("LabelSmoothing: expected it with a loss with targets", Assert.Throws<ArgumentException>(() => new GanTrainer(generator, discriminator, options)).Message, StringComparison.Ordinal);
            }
            else
            {
                new GanTrainer(generator, discriminator, options).Dispose();
            }
        }
    }

    [Fact]
    public void Networks_of_different_sizes_are_refused()
    {
        using var generator = new DcganGenerator(GanRuns.Network);
        using var discriminator = new DcganDiscriminator(GanRuns.Network with { Classes = 4 });

        Assert.Equal("discriminator", Assert.Throws<ArgumentException>(() => new GanTrainer(generator, discriminator)).ParamName);
    }

    [Theory]
    [InlineData(1, 28, 29, 4, 10)]
    [InlineData(1, 30, 28, 4, 10)]
    [InlineData(3, 28, 28, 4, 10)]
    [InlineData(1, 28, 28, 5, 10)]
    [InlineData(1, 28, 28, 4, 1)]
    public void Images_that_do_not_fit_are_refused(int channels, int height, int width, int classes, int count)
    {
        using var data = SyntheticImages.Create(count, 1, classes, channels, height, width);
        var exception = Assert.Throws<ArgumentException>(() => GanRuns.Train(data, GanRuns.Options, GanRuns.Network with { Classes = 4 }));

        Assert.Equal("data", exception.ParamName);
        Assert.Contains("but got", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_of_other_classes_is_refused()
    {
        var (generator, discriminator) = GanTrainer.CreateNetworks(GanRuns.Network, 1);
        using var _ = generator;
        using var __ = discriminator;
        using var classifier = new ConvClassifier(new ClassifierOptions { Classes = 5 });
        using var trainer = new GanTrainer(generator, discriminator, GanRuns.Options, classifier);

        Assert.Contains("Expected a classifier of the images' size", Assert.Throws<ArgumentException>(() => trainer.Fit(_data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { Epochs = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { BatchSize = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { LearningRate = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { LearningRate = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { DiscriminatorLearningRate = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { DiscriminatorSteps = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { Beta1 = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { Beta2 = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { LabelSmoothing = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanTrainingOptions { EmaDecay = 1 });
    }

    public void Dispose() => _data.Dispose();

    private static void AssertFinite(GanEpochReport epoch) => Assert.All(
        new[] { epoch.DiscriminatorLoss, epoch.GeneratorLoss, epoch.RealScore, epoch.GeneratedScore, epoch.Diversity, epoch.ImagesPerSecond },
        number => Assert.True(double.IsFinite(number)));
}
