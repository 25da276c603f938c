namespace PhotoMl.Tests.Reporting;

public sealed class ClassifierReporterTests : IDisposable
{
    private readonly ImageDataset _data = SyntheticImages.Create(60);
    private readonly LoadedClassifier _classifier;

    public ClassifierReporterTests()
    {
        var options = ClassifierOptions.For(_data);
        _classifier = new LoadedClassifier(
            ImageClassifier.Create(options, seed: 3),
            new ClassifierInfo { Network = options, ClassNames = _data.ClassNames, Preprocessing = _data.Preprocessing });
    }

    [Fact]
    public void The_most_confident_errors_and_the_least_confident_images_are_shown_in_order()
    {
        var content = Describe(_classifier, _data);

        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        _classifier.Model.eval();
        var (values, classes) = _classifier.Model.forward(_data.Images.to(ScalarType.Float32).div(255)).softmax(1).max(1); // (60)
        var isRight = classes.eq(_data.Labels).data<bool>().ToArray();
        var probabilities = values.data<float>().ToArray();
        var ascending = Enumerable.Range(0, 60).OrderBy(i => probabilities[i]).ToArray();
        static IEnumerable<string> Names(IEnumerable<int> images) => images.Take(24).Select(i => $"image {i}");

        Assert.Equal(isRight.Count(right => right), content.Report.Report.Confusion.Correct);
        Assert.Equal(Names(ascending.Reverse().Where(i => !isRight[i])), content.Mistakes.Select(image => image.Name));
        Assert.Equal(Names(ascending), content.LeastCertain.Select(image => image.Name));
        Assert.All(content.Mistakes, image => Assert.NotEqual(image.Label, image.Predicted));
        Assert.All(content.LeastCertain.Zip(ascending), image =>
            Assert.Equal(probabilities[image.Second], image.First.Probability, 1e-5));
    }

    [Fact]
    public void Each_image_comes_with_its_pixels_and_with_what_its_prediction_rests_on()
    {
        var image = Describe(_classifier, _data).LeastCertain[0];
        var (picture, explanation) = (ImageFile.Decode(image.Picture, "picture"), ImageFile.Decode(image.Explanation!, "explanation"));

        var index = int.Parse(image.Name["image ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(_data.Images[index].contiguous().bytes.ToArray(), picture.Rgb.Where((_, i) => i % 3 == 0));
        Assert.Equal((28, 28), (explanation.Width, explanation.Height));
        Assert.NotEqual(picture.Rgb, explanation.Rgb);
    }

    [Fact]
    public void The_training_counts_are_those_of_the_run_whatever_it_is_evaluated_on()
    {
        using var folder = new TemporaryFolder();
        using var other = SyntheticImages.Create(12, seed: 2);
        using var run = RunFolder.Create(folder.File("run"));
        using var model = new ConvClassifier(ClassifierOptions.For(_data));
        using var trainer = new ClassifierTrainer(model, new ClassifierTrainingOptions { Epochs = 1, ValidationFraction = 0.2 });
        trainer.Fit(_data, run);
        using var trained = ClassifierFile.Load(run.ModelPath);

        Assert.Equal([12, 12, 12, 12], Describe(trained, other).TrainCounts); // 15 each, a fifth held out
        Assert.Equal(48, trained.Info.Training!.TrainImages);
        Assert.Empty(Describe(_classifier, other).TrainCounts);
    }

    [Fact]
    public void Nothing_is_left_in_memory() =>
        TensorAssert.NoneIsLeftBehind(() => Describe(_classifier, _data));

    internal static ClassifierReportContent Describe(LoadedClassifier classifier, ImageDataset data)
    {
        var source = new LoadedDataset("data", "Data", "memory", train: null, validation: null, data);
        var images = new EvaluationImages(source, data, Indices: null, "test", "test images");
        var report = ClassifierEvaluator.Evaluate(classifier, data, batchSize: 16);
        return ClassifierReporter.Describe("none/model.safetensors", classifier, images, report, problems: []);
    }

    public void Dispose()
    {
        _classifier.Dispose();
        _data.Dispose();
    }
}
