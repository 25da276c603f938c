namespace PhotoMl.Tests.Training;

/// <summary>Training a network with batch norm, on tiny images.</summary>
public sealed class ResNetTrainingTests : IDisposable
{
    private const int StepsPerEpoch = 3;

    private static readonly ClassifierOptions Network =
        new() { Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = 32, Width = 32, Classes = 4 };

    // On 24 of the 26 images.
    private static readonly ClassifierTrainingOptions Options = new() { Epochs = 2, BatchSize = 8, EmaDecay = 0.9, LearningRate = 0.001 };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = SyntheticImages.Create(26, channels: 3, height: 32, width: 32);

    [SlowFact]
    public void A_run_stopped_within_an_epoch_ends_as_if_it_had_never_stopped_and_its_file_is_the_model() =>
        Array.ForEach([(Precision.Float32, null), (Precision.BFloat16, "layer4")], AssertSameAfterStop);

    [Fact]
    public void The_statistics_of_the_averaged_network_are_those_of_its_own_activations()
    {
        using var scope = NewDisposeScope();
        var options = Options with { Epochs = 1, Precision = Precision.Float32 };
        using var cnn = new Cnn(options, Network);
        cnn.Fit(_data);
        var model = cnn.Model;
        var split = Split.ByFraction(_data.Labels.data<long>().ToArray(), options.ValidationFraction, options.Seed);
        var batches = new ClassifierBatches(_data, split.Train, options);
        using var withoutGradients = no_grad();
        var weight = model.get_parameter("conv1.weight")!;
        var mean = tensor(new[] { 0.485f, 0.456f, 0.406f }, [1, 3, 1, 1]);
        var deviation = tensor(new[] { 0.229f, 0.224f, 0.225f }, [1, 3, 1, 1]);
        var (means, variances) = (new List<Tensor>(), new List<Tensor>());
        for (var step = 0; step < batches.PerEpoch; step++)
        {
            var images = (batches.Get(1, step).Images - mean) / deviation;
            var x = nn.functional.conv2d(images, weight, null, [2, 2], [3, 3]).permute(1, 0, 2, 3).flatten(1);
            means.Add(x.mean([1L]));
            variances.Add(x.var(1));
        }

        Assert.Equal(StepsPerEpoch, batches.PerEpoch);
        TensorAssert.Close(stack(means).mean([0L]), model.get_buffer("bn1.running_mean")!, 0, 1e-4);
        TensorAssert.Close(stack(variances).mean([0L]), model.get_buffer("bn1.running_var")!, 0, 1e-4);
    }

    [Theory]
    [InlineData(ClassifierArchitecture.ResNet18, Precision.Float32, "layer3", "layer4.", "fc.")]
    [BFloat16Data(ClassifierArchitecture.ResNet18, Precision.BFloat16, "layer3", "layer4.", "fc.")]
    [InlineData(ClassifierArchitecture.Convnet, Precision.Float32, "conv2", "conv3.", "dense1.", "dense2.")]
    [InlineData(ClassifierArchitecture.Convnet, Precision.BFloat16, "conv2", "conv3.", "dense1.", "dense2.")]
    public void Frozen_stages_stay_as_they_are_bit_for_bit_and_all_others_move(
        ClassifierArchitecture architecture, Precision precision, string stage, params string[] moving)
    {
        using var scope = NewDisposeScope();
        var options = Options with { Epochs = 1, Precision = precision, Freeze = stage, GradientClip = 1, Seed = 5 };
        using var cnn = new Cnn(options, Network with { Architecture = architecture });
        var before = cnn.Model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        cnn.Fit(_data);

        foreach (var (name, tensor) in cnn.Model.state_dict())
        {
            var moves = moving.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
            Assert.True(moves != tensor.equal(before[name]).all().item<bool>(), name);
        }
    }

    [Fact]
    public void A_stage_that_does_not_exist_is_refused_with_those_that_do()
    {
        using var model = ImageClassifier.CreateBlank(Network);
        var exception = Assert.Throws<ArgumentException>(() => new ClassifierTrainer(model, Options with { Freeze = "conv1" }));

        Assert.Contains("stem, layer1, layer2, layer3, layer4, but got conv1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weight_decay_leaves_batch_norm_and_biases_alone()
    {
        using var scope = NewDisposeScope();
        using var model = ImageClassifier.Create(Network);
        using var optimizer = new AdamOptimizer(model.named_parameters(), weightDecay: 0.5, decoupled: true);
        var before = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.detach().clone());
        foreach (var parameter in model.parameters())
        {
            parameter.grad = zeros_like(parameter);
        }

        optimizer.Step(0.1);

        foreach (var (name, parameter) in model.named_parameters())
        {
            TensorAssert.Close(before[name] * (parameter.dim() > 1 ? 1 - (0.1 * 0.5) : 1), parameter.detach(), 1e-6, 0);
        }
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    private void AssertSameAfterStop((Precision Precision, string? Frozen) recipe)
    {
        var ((precision, frozen), path) = (recipe, _folder.File($"{recipe.Precision}"));
        var options = Options with { Epochs = 1, Precision = precision, Freeze = frozen };
        TensorAssert.FinalizeOthers();
        var live = new List<long>();
        var (expected, uninterrupted) = TrainingRuns.Train(_data, options, report => live.Add(report.LiveTensors), network: Network);
        var (weights, result) = TrainingRuns.TrainWithStops(_data, path, options, [2], cancel: true, Network);

        Assert.Equal(expected, weights);
        Assert.Equal(uninterrupted.Best.ValidationLoss, result.Best.ValidationLoss);
        Assert.Equal(live[1], live[2]); // no step of an epoch leaves a tensor alive
        using var loaded = ClassifierFile.Load(RunFolder.ModelPathIn(path));
        Assert.Equal(expected, WeightBytes.Of(loaded.Model));
        Assert.Equal(ClassifierArchitecture.ResNet18, loaded.Info.Network.Architecture);
        using var run = RunFolder.Open(path);
        using var resumed = new Cnn(run);
        Assert.Equal((precision, frozen), (resumed.Model.Precision, resumed.Model.FrozenStage));
    }
}
