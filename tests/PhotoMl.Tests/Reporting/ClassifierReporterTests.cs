using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Reporting;
using PhotoMl.Training;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Reporting;

public sealed class ClassifierReporterTests
{
    [Fact]
    public void The_surest_mistakes_and_the_least_certain_images_are_shown_in_order()
    {
        using var data = SyntheticImages.Create(60);
        using var classifier = Classifier(data);
        var content = ClassifierReporter.Evaluate(classifier, data, batchSize: 16, shown: 5);

        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        classifier.Model.eval();
        var probabilities = classifier.Model.forward(data.Images.to(ScalarType.Float32).div(255)).softmax(1); // (60, 4)
        var (values, classes) = probabilities.max(1);
        var told = Enumerable.Range(0, 60).Select(i => (Name: $"image {i}", Right: classes[i].item<long>() == data.Labels[i].item<long>(), Probability: values[i].item<float>())).ToArray();

        Assert.Equal(told.Count(image => image.Right), content.Report.Report.Confusion.Correct);
        Assert.Equal(told.Where(image => !image.Right).OrderByDescending(image => image.Probability).Take(5).Select(image => image.Name), content.Mistakes.Select(image => image.Name));
        Assert.Equal(told.OrderBy(image => image.Probability).Take(5).Select(image => image.Name), content.LeastCertain.Select(image => image.Name));
        Assert.All(content.Mistakes, image => Assert.NotEqual(image.Label, image.Predicted));
        Assert.All(content.LeastCertain, image => Assert.Equal(told.Single(one => one.Name == image.Name).Probability, image.Probability, 1e-5));
    }

    [Fact]
    public void Each_image_comes_with_its_pixels_and_with_what_was_looked_at()
    {
        using var folder = new TemporaryFolder();
        using var data = SyntheticImages.Create(12);
        using var classifier = Classifier(data);
        var image = ClassifierReporter.Evaluate(classifier, data, shown: 1).LeastCertain.Single();
        var picture = ImageFile.Decode(folder.Write("picture.png", image.Picture));
        var explanation = ImageFile.Decode(folder.Write("explanation.png", image.Explanation!));

        var index = int.Parse(image.Name["image ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(data.Images[index].contiguous().bytes.ToArray(), picture.Rgb.Where((_, i) => i % 3 == 0));
        Assert.Equal((28, 28), (explanation.Width, explanation.Height));
        Assert.NotEqual(picture.Rgb, explanation.Rgb);
    }

    [Fact]
    public void The_training_counts_are_those_of_the_run_whatever_it_is_judged_by()
    {
        using var folder = new TemporaryFolder();
        using var data = SyntheticImages.Create(60);
        using var other = SyntheticImages.Create(12, seed: 2);
        using var run = RunFolder.Create(folder.File("run"));
        using var model = new ConvClassifier(ClassifierOptions.For(data));
        using var trainer = new ClassifierTrainer(model, new ClassifierTrainingOptions { Epochs = 1, ValidationFraction = 0.2 });
        trainer.Fit(data, run);
        using var trained = ClassifierFile.Load(run.ModelPath);
        using var untold = Classifier(data);

        Assert.Equal([12, 12, 12, 12], ClassifierReporter.Evaluate(trained, other, shown: 0).TrainCounts); // 15 each, a fifth held out
        Assert.Equal(48, trained.Info.Training!.TrainImages);
        Assert.Empty(ClassifierReporter.Evaluate(untold, other, shown: 0).TrainCounts);
    }

    [Fact]
    public void Nothing_is_left_in_memory()
    {
        using var data = SyntheticImages.Create(12);
        using var classifier = Classifier(data);
        ClassifierReporter.Evaluate(classifier, data);
        var before = Tensor.TotalCount;
        ClassifierReporter.Evaluate(classifier, data);

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static LoadedClassifier Classifier(ImageDataset data)
    {
        var options = ClassifierOptions.For(data);
        return new LoadedClassifier(
            ImageClassifier.Create(options, seed: 3),
            new ClassifierInfo { Network = options, ClassNames = data.ClassNames, Preprocessing = data.Preprocessing });
    }
}
