namespace PhotoMl.Tests.Training;

/// <summary>One run of an epoch of five steps with a conditional generator and a moving average, for tests of what it leaves.</summary>
public sealed class AveragedRun : IDisposable
{
    internal const double Decay = 0.28;

    internal static readonly DcganOptions Network = GanRuns.Network with { Classes = 4 };
    internal static readonly GanTrainingOptions Options =
        GanRuns.Options with { Epochs = 1, BatchSize = 8, LearningRate = 0.01, EmaDecay = Decay };

    private readonly TemporaryFolder _folder = new();
    private readonly Gan _gan = new(Options, Network);

    public AveragedRun()
    {
        Folder = RunFolder.Create(_folder.File("run"));
        Trained.Add(GanRuns.Weights(Generator, "conv3.weight"));
        Result = _gan.Fit(Data, Folder, report =>
        {
            if (report.Completed is null)
            {
                Trained.Add(GanRuns.Weights(Generator, "conv3.weight"));
            }
        }).Result;
    }

    internal ImageDataset Data { get; } = GanRuns.Images(count: 40);

    internal RunFolder Folder { get; }

    internal DcganGenerator Generator => _gan.Generator;

    internal GanTrainingResult Result { get; }

    internal bool IsFinished => _gan.Trainer.IsFinished;

    /// <summary>The weights of the last convolution before the first step and after each.</summary>
    internal List<float[]> Trained { get; } = [];

    public void Dispose()
    {
        _gan.Dispose();
        Data.Dispose();
        Folder.Dispose();
        _folder.Dispose();
    }
}

public sealed class AveragedRunTests(AveragedRun run) : IClassFixture<AveragedRun>
{
    [Fact]
    public void The_kept_weights_are_the_moving_average_of_those_trained()
    {
        // The decays are 2/11 and 3/12, and from then on the one asked for.
        double[] decays = [2 / 11.0, 0.25, AveragedRun.Decay, AveragedRun.Decay, AveragedRun.Decay];
        var average = Array.ConvertAll(run.Trained[0], weight => (double)weight);
        foreach (var (decay, trained) in decays.Zip(run.Trained.Skip(1)))
        {
            average = [.. average.Zip(trained, (a, b) => (decay * a) + ((1 - decay) * b))];
        }

        var kept = GanRuns.Weights(run.Generator, "conv3.weight");
        Assert.Equal(6, run.Trained.Count);
        Assert.InRange(average.Zip(kept, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-6);
        Assert.True(kept.Zip(run.Trained[^1], (a, b) => Math.Abs(a - b)).Max() > 1e-3);
    }

    [Fact]
    public void The_statistics_of_batch_norm_are_those_of_the_averaged_weights()
    {
        // Convolution is linear: the mean of what the first one gives is what it gives for the mean picture.
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var generator = run.Generator;
        var batches = new GanBatches(run.Data, AveragedRun.Network, AveragedRun.Options);
        var classes = nn.functional.one_hot(arange(256, ScalarType.Int64).remainder(4), 4).to(ScalarType.Float32);
        var (mean1, variance1) = (zeros(12544, ScalarType.Float64), zeros(12544, ScalarType.Float64));
        var mean2 = zeros(128, ScalarType.Float64);
        for (var batch = 0; batch < 4; batch++)
        {
            var latents = GanBatches.Draw(batches.Random(RandomStream.Statistics, 1, batch), 256, AveragedRun.Network.Latent);
            var x = cat([latents, classes], 1).matmul(generator.get_parameter("dense.weight")!.t()); // (256, 12544)
            mean1 += x.mean([0L]) / 4;
            variance1 += x.var(0, unbiased: true) / 4;
            x = (x - x.mean([0L])) / (x.var(0, unbiased: false) + 1e-3).sqrt();
            x = (x * generator.get_parameter("norm1.weight")!) + generator.get_parameter("norm1.bias")!;
            x = nn.functional.leaky_relu(x, 0.3).mean([0L]);
            x = x.view(1, 7, 7, 256).permute(0, 3, 1, 2);
            x = nn.functional.conv_transpose2d(x, generator.get_parameter("conv1.weight")!, null, [1L, 1], [2L, 2]);
            mean2 += x.mean([0L, 2, 3]) / 4;
        }

        TensorAssert.Close(mean1, generator.get_buffer("norm1.running_mean")!, 0, 1e-4);
        TensorAssert.Close(variance1, generator.get_buffer("norm1.running_var")!, 0, 1e-4);
        TensorAssert.Close(mean2, generator.get_buffer("norm2.running_mean")!, 0, 1e-3);
    }

    [Fact]
    public void The_generator_ends_as_the_model_that_was_written()
    {
        using var loaded = GeneratorFile.Load(run.Folder.ModelPath);

        Assert.True(run.IsFinished);
        Assert.False(run.Generator.training);
        Assert.Equal(WeightBytes.Of(run.Generator), WeightBytes.Of(loaded.Model));
        Assert.Equal(AveragedRun.Network, loaded.Model.Options);
        Assert.Equal(run.Data.ClassNames, loaded.Info.ClassNames);
        Assert.Equal(("synthetic 1", 40, 1), (loaded.Info.Training!.Data, loaded.Info.Training.TrainImages, loaded.Info.Training.Epoch));
        Assert.Equal((1, 40), (run.Result.KeptEpoch, run.Result.TrainImages));
    }

    [Fact]
    public void The_folder_holds_model_checkpoint_metrics_and_pictures()
    {
        Assert.Equal([".lock", "checkpoint.safetensors", "metrics.csv", "model.safetensors"], EventReader.NamesBeside(run.Folder.Path));
        var pictures = Directory.GetFiles(run.Folder.SamplesPath).Order(StringComparer.Ordinal);
        Assert.Equal([run.Folder.SampleGridPath(1), run.Folder.ProgressPath], pictures);
        using var grid = SKBitmap.Decode(run.Folder.SampleGridPath(1));
        Assert.InRange(grid.Width, 4 * 28 * 2, (4 * 28 * 2) + 16); // a column a class, in pixels of two, and what is between
        Assert.InRange(grid.Height, 8 * 28 * 2, (8 * 28 * 2) + 32);
    }
}
