namespace PhotoMl.Tests.Training;

public sealed class GanTrainerTests : IDisposable
{
    private static readonly GanTrainingOptions OneStep = GanRuns.Options with { Epochs = 1, BatchSize = 10 };

    private readonly ImageDataset _data = GanRuns.Images();

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        manual_seed(1);
        var first = GanRuns.Train(_data, OneStep);
        manual_seed(2);
        var again = GanRuns.Train(_data, OneStep);
        var other = GanRuns.Train(_data, OneStep with { Seed = 2 });

        Assert.Equal(first.Generator, again.Generator);
        Assert.Equal(first.Discriminator, again.Discriminator);
        Assert.NotEqual(first.Generator, other.Generator);
        Assert.NotEqual(first.Discriminator, other.Discriminator);
    }

    /// <summary>Of a discriminator whose every logit is 1/2: softplus(1/2) = 0.974077, softplus(-1/2) = 0.474077, sigmoid(1/2) =
    /// 0.622459.</summary>
    [Theory]
    [InlineData(GanLossKind.NonSaturating, 0.974077 + 0.474077, 0.474077, 0.622459)]
    [InlineData(GanLossKind.Minimax, 0.974077 + 0.474077, -0.974077, 0.622459)]
    [InlineData(GanLossKind.LeastSquares, (0.25 + 0.25) / 2, 0.25 / 2, 0.5)]
    [InlineData(GanLossKind.WganGp, 10, -0.5, 0.5)] // no slope at all is 1 too little, which is punished ten times
    [InlineData(GanLossKind.Hinge, 0.5 + 1.5, -0.5, 0.5)]
    public void The_figures_of_a_discriminator_that_scores_all_alike_are_as_computed_by_hand(
        GanLossKind kind, double discriminatorLoss, double generatorLoss, double score)
    {
        using var gan = new Gan(OneStep with { Loss = kind, LearningRate = 1e-9 });
        GanRuns.Fill(gan.Discriminator, "dense.weight", 0);
        GanRuns.Fill(gan.Discriminator, "dense.bias", 0.5f);
        var epoch = gan.Fit(_data).Result.History.Single();

        Assert.Equal(discriminatorLoss, epoch.DiscriminatorLoss, tolerance: 1e-4);
        Assert.Equal(generatorLoss, epoch.GeneratorLoss, tolerance: 1e-4);
        Assert.Equal(score, epoch.RealScore, tolerance: 1e-4);
        Assert.Equal(score, epoch.GeneratedScore, tolerance: 1e-4);
    }

    [Theory]
    [InlineData(1, 28, 28, 4, GanLossKind.LeastSquares)]
    [InlineData(3, 28, 28, 0, GanLossKind.Minimax)]
    [InlineData(1, 32, 40, 0, GanLossKind.NonSaturating)]
    [InlineData(3, 29, 31, 4, GanLossKind.WganGp)]
    [InlineData(1, 29, 31, 0, GanLossKind.WganGp)]
    [InlineData(1, 28, 28, 0, GanLossKind.Hinge)]
    public void Images_of_all_sizes_and_classes_train_both_networks_by_every_loss(
        int channels, int height, int width, int classes, GanLossKind kind)
    {
        using var data = GanRuns.Images(count: 8, channels: channels, height: height, width: width);
        var network = new DcganOptions { Latent = 8, Channels = channels, Height = height, Width = width, Classes = classes };
        var options = GanRuns.Options with { Epochs = 1, Loss = kind };
        var (generator, discriminator) = GanTrainer.CreateNetworks(network, options.Seed);
        using var _ = generator;
        using var __ = discriminator;
        var run = GanRuns.Train(data, options, network);

        AssertFinite(run.Result.History.Single());
        Assert.Equal(network, run.Result.Info.Network);
        Assert.NotEqual(WeightBytes.Of(generator), run.Generator);
        Assert.NotEqual(WeightBytes.Of(discriminator), run.Discriminator);
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
        using var gan = new Gan(GanRuns.Options with { DiscriminatorSteps = discriminatorSteps });
        var (before, step) = (GanRuns.Weights(gan.Generator, "conv3.weight"), 0);
        float[]? discriminatorBefore = null;
        var moved = new List<int>();
        var result = gan.Fit(_data, progress: report =>
        {
            if (report.Completed is not null)
            {
                return;
            }

            step++;
            var now = GanRuns.Weights(gan.Generator, "conv3.weight");
            moved.AddRange(now.SequenceEqual(before) ? [] : [step]);
            before = now;
            var other = GanRuns.Weights(gan.Discriminator, "conv1.weight");
            Assert.NotEqual(discriminatorBefore, other);
            discriminatorBefore = other;
        }).Result;

        Assert.Equal(6, step);
        Assert.Equal(expected, string.Join(' ', moved));
        bool[] finite = [3 / discriminatorSteps > 0, 6 / discriminatorSteps > 0];
        Assert.Equal(finite, result.History.Select(epoch => double.IsFinite(epoch.GeneratorLoss)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.01)]
    public void Each_network_moves_at_its_own_rate(double? discriminatorLearningRate)
    {
        using var gan = new Gan(OneStep with { LearningRate = 0.001, DiscriminatorLearningRate = discriminatorLearningRate });
        var (start, discriminator) = (GanRuns.Weights(gan.Generator, "conv3.weight"), GanRuns.Weights(gan.Discriminator, "dense.weight"));
        gan.Fit(_data);

        // The first step of Adam is as long as the rate wherever the gradient is well above its epsilon.
        AssertMoved(0.001, start, GanRuns.Weights(gan.Generator, "conv3.weight"));
        AssertMoved(discriminatorLearningRate ?? 0.001, discriminator, GanRuns.Weights(gan.Discriminator, "dense.weight"));

        static void AssertMoved(double rate, float[] before, float[] after)
        {
            var moves = before.Zip(after, (a, b) => Math.Abs((double)b - a)).Order().ToArray();
            Assert.InRange(moves[moves.Length / 2], 0.98 * rate, 1.001 * rate);
            Assert.InRange(moves[^1], 0.98 * rate, 1.001 * rate);
        }
    }

    [Theory]
    [InlineData(GanLossKind.NonSaturating, false)]
    [InlineData(GanLossKind.Minimax, false)]
    [InlineData(GanLossKind.LeastSquares, false)]
    [InlineData(GanLossKind.WganGp, true)]
    [InlineData(GanLossKind.Hinge, true)]
    public void Label_smoothing_is_refused_where_the_loss_has_no_targets(GanLossKind kind, bool isRefused)
    {
        var exception = Record.Exception(() => new Gan(GanRuns.Options with { LabelSmoothing = 0.1, Loss = kind }).Dispose());

        Assert.Equal(isRefused, exception is ArgumentException);
        Assert.True(exception?.Message.Contains("LabelSmoothing: expected it with a loss with targets", StringComparison.Ordinal) ?? true);
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
        using var classifier = new ConvClassifier(new ClassifierOptions { Classes = 5 });
        using var gan = new Gan(classifier: classifier);

        ExceptionAssert.Throws<ArgumentException>("Expected a classifier of the images' size", () => gan.Fit(_data));
    }

    [Fact]
    public void A_step_that_fails_leaves_no_parameter_of_the_discriminator_frozen()
    {
        using var gan = new Gan();
        foreach (var parameter in gan.Generator.parameters())
        {
            parameter.requires_grad_(false); // the generator's step has nothing to move, which autograd refuses
        }

        Assert.ThrowsAny<Exception>(() => gan.Fit(_data));
        Assert.All(gan.Discriminator.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Fact]
    public void Options_out_of_range_are_refused() => Assert.All<Func<GanTrainingOptions>>(
        [
            () => new() { Epochs = 0 },
            () => new() { BatchSize = 1 },
            () => new() { LearningRate = 0 },
            () => new() { LearningRate = double.NaN },
            () => new() { DiscriminatorLearningRate = 2 },
            () => new() { DiscriminatorSteps = 0 },
            () => new() { Beta1 = 1 },
            () => new() { Beta2 = 1 },
            () => new() { LabelSmoothing = 1 },
            () => new() { EmaDecay = 1 },
        ],
        create => Assert.Throws<ArgumentOutOfRangeException>(create));

    public void Dispose() => _data.Dispose();

    private static void AssertFinite(GanEpochReport epoch) => Assert.All(
        [epoch.DiscriminatorLoss, epoch.GeneratorLoss, epoch.RealScore, epoch.GeneratedScore, epoch.Diversity, epoch.ImagesPerSecond],
        number => Assert.True(double.IsFinite(number)));
}
