namespace PhotoMl.Tests.Models;

/// <summary>Whatever only uses a network takes the running statistics of batch norm, changes nothing, and leaves each module in the mode it
/// found it in.</summary>
public sealed class EvaluationModeTests : IDisposable
{
    private static readonly ClassifierOptions Network = new()
    {
        Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = 32, Width = 32, Classes = 4,
    };

    // Nothing that is tested changes its weights.
    private static readonly Lazy<ImageClassifier> Shared = new(() => ImageClassifier.Create(Network, seed: 3));

    private static readonly Dictionary<string, Func<EvaluationModeTests, object?>> Uses = new()
    {
        ["predict"] = test => test.Predict(test._classifier)[0],
        ["evaluate a network"] = test => ClassifierEvaluator.Evaluate(test.Model, test._data).Loss,
        ["evaluate a classifier"] = test => ClassifierEvaluator.Evaluate(test._classifier, test._data).Report.Loss,
        ["compare"] = test => ClassifierComparison.Of(test._classifier, test._data, test._classifier, test._data).First.Loss,
        ["calibrate"] = test => ClassifierCalibrator.FitTemperature(test.Model, test._data),
        ["explain"] = test => Explainer.Explain(test.Model, test._image).Probabilities[0],
        ["report"] = test => ClassifierReporterTests.Describe(test._classifier, test._data).Report.Report.Loss,
        ["save"] = test =>
        {
            ClassifierFile.Save(test._folder.File("saved.safetensors"), test.Model, test._classifier.Info);
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(test._folder.File("saved.safetensors"))));
        },
        ["watch a generator"] = test => new GeneratorWatch(test._data, test.Model, seed: 1).Check(test._generator).ClassEntropy,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = SyntheticImages.Create(12, channels: 3, height: 32, width: 32);
    private readonly Tensor _image = TensorAssert.Normal(1, 3, 32, 32).abs().clamp(0, 1);
    private readonly DcganGenerator _generator = new(new DcganOptions { Channels = 3, Height = 32, Width = 32, Latent = 2 });
    private readonly LoadedClassifier _classifier = new(Shared.Value, SavedModels.Info(Network));

    public static TheoryData<string> UseNames => [.. Uses.Keys];

    private ImageClassifier Model => _classifier.Model;

    [Theory]
    [MemberData(nameof(UseNames))]
    public void A_network_in_training_mode_is_used_as_one_in_evaluation_mode(string use)
    {
        Model.eval();
        var expected = Uses[use](this);
        Model.train();
        Model.children().First().eval(); // a module may be in a mode of its own
        var modes = Model.modules().Select(module => module.training).ToList();
        var before = WeightBytes.Of(Model);

        Assert.Equal(expected, Uses[use](this));
        Assert.Equal(before, WeightBytes.Of(Model));
        Assert.True(Model.training);
        Assert.Equal(modes, Model.modules().Select(module => module.training));
        Assert.Contains(false, modes);
        Assert.Contains(true, modes);
    }

    [Fact]
    public void A_classifier_predicts_the_same_after_weights_were_loaded_into_it()
    {
        Model.eval();
        ClassifierFile.Save(_folder.File("model.safetensors"), Model, _classifier.Info);
        using var fresh = new LoadedClassifier(ImageClassifier.CreateBlank(Network), _classifier.Info);
        PretrainedWeights.Load(_folder.File("model.safetensors"), fresh.Model, _classifier.Info.ClassNames);

        Assert.Equal(Predict(_classifier), Predict(fresh));
    }

    [Fact]
    public void A_classifier_whose_training_was_cancelled_is_in_evaluation_mode()
    {
        var options = new ClassifierTrainingOptions { BatchSize = 4, ValidationFraction = 0.3, Precision = Precision.Float32 };
        using var trainer = new ClassifierTrainer(Model, options);
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(_data, cancellationToken: new CancellationToken(canceled: true)));

        Assert.All(Model.modules().Prepend(Model), module => Assert.False(module.training));
    }

    public void Dispose()
    {
        _generator.Dispose();
        _image.Dispose();
        _data.Dispose();
        _folder.Dispose();
    }

    private IReadOnlyList<ClassProbability> Predict(LoadedClassifier classifier)
    {
        ImageFileEntry[] pictures = [new ImageFileEntry(_folder.Write("a.png", Reporting.ReportContents.Png))];
        return ClassifierPredictor.Predict(classifier, pictures, ForegroundChoice.Auto, null, CancellationToken.None)[0].Ranking;
    }
}
