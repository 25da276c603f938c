namespace PhotoMl.Tests.Evaluation;

public sealed class ClassifierComparerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConvClassifier _first = new(new ClassifierOptions { Classes = 4 }, seed: 1);
    private readonly ConvClassifier _second = new(new ClassifierOptions { Classes = 4 }, seed: 2);
    private readonly ImageDataset _images = SyntheticImages.Create(103);

    [Fact]
    public void Every_count_and_difference_is_that_of_single_predictions()
    {
        var comparison = ClassifierComparer.Compare(Loaded(_first), _images, Loaded(_second), _images, batchSize: 20);
        var (one, other) = (Predict(_first, _images), Predict(_second, _images));
        var labels = _images.Labels.data<long>().ToArray();
        int Count(Func<int, bool> condition) => Enumerable.Range(0, 103).Count(condition);

        Assert.Equal(Count(i => one[i].Label == labels[i] && other[i].Label == labels[i]), comparison.BothCorrect);
        Assert.Equal(Count(i => one[i].Label == labels[i] && other[i].Label != labels[i]), comparison.OnlyFirst);
        Assert.Equal(Count(i => one[i].Label != labels[i] && other[i].Label == labels[i]), comparison.OnlySecond);
        Assert.Equal(Count(i => one[i].Label != labels[i] && other[i].Label != labels[i]), comparison.BothWrong);
        Assert.Equal(ClassifierEvaluator.Evaluate(_first, _images).Confusion.ToRows(), comparison.First.Confusion.ToRows());
        Assert.Equal(ClassifierEvaluator.Evaluate(_second, _images).Accuracy - comparison.First.Accuracy, comparison.Difference, 12);

        var expected = Enumerable.Range(0, 103).Where(i => one[i].Label != other[i].Label).ToArray();
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(i => (long)i), comparison.Differences.Select(image => image.Index));
        Assert.All(comparison.Differences, image =>
        {
            Assert.Equal($"class {labels[image.Index]}", image.Label);
            Assert.Equal($"class {one[image.Index].Label}", image.First.Label);
            Assert.Equal($"class {other[image.Index].Label}", image.Second.Label);
            Assert.Equal(one[image.Index].Probability, image.First.Probability, tolerance: 1e-5);
            Assert.Equal(other[image.Index].Probability, image.Second.Probability, tolerance: 1e-5);
            Assert.Null(image.Path);
        });
    }

    [Fact]
    public void A_classifier_differs_in_nothing_from_itself()
    {
        var comparison = ClassifierComparer.Compare(Loaded(_first), _images, Loaded(_first), _images);

        Assert.Equal((0, 1), (comparison.Difference, comparison.P));
        Assert.Equal((0, 0), (comparison.OnlyFirst, comparison.OnlySecond));
        Assert.Empty(comparison.Differences);
    }

    [Fact]
    public void Classes_in_another_order_are_matched_by_their_names()
    {
        string[] reversed = ["class 3", "class 2", "class 1", "class 0"];
        using var turned = _images.WithClasses(reversed);
        using var model = new ConvClassifier(new ClassifierOptions { Classes = 4 }, seed: 1);
        using (no_grad())
        using (NewDisposeScope())
        {
            // The same network with its outputs turned about.
            foreach (var name in model.named_parameters().Select(parameter => parameter.name))
            {
                var values = _first.get_parameter(name)!;
                var isLast = values.shape[0] == 4;
                model.get_parameter(name)!.copy_(isLast ? values.flip(0) : values);
            }
        }

        var comparison = ClassifierComparer.Compare(Loaded(_first), _images, Loaded(model), turned);
        Assert.Empty(comparison.Differences);
        Assert.Equal(comparison.First.Accuracy, comparison.Second.Accuracy);
    }

    [Fact]
    public void Networks_of_different_sizes_see_the_same_images_each_in_its_own()
    {
        using var large = _images.ConvertTo(3, 32, 32);
        using var resNet = new ResNet18Classifier(new ClassifierOptions { Architecture = ClassifierArchitecture.ResNet18, Classes = 4, Channels = 3, Height = 32, Width = 32 }, seed: 1);
        var progress = new List<int>();
        var comparison = ClassifierComparer.Compare(Loaded(_first), _images, Loaded(resNet), large, batchSize: 60, progress: new Counter(progress));

        Assert.Equal(103, comparison.Images);
        Assert.Equal([60, 103, 163, 206], progress);
        TensorAssert.NoneIsLeftBehind(() => ClassifierComparer.Compare(Loaded(_first), _images, Loaded(_second), _images));
    }

    [Fact]
    public void Images_that_are_not_the_same_are_refused()
    {
        using var fewer = _images.Select([0, 1, 2]);
        using var others = _images.Select([.. Enumerable.Range(1, 102).Select(i => (long)i), 0]);
        using var scope = NewDisposeScope();
        using var renamed = new ImageDataset("renamed", _images.Images.clone(), _images.Labels.clone(), ["class 0", "class 1", "class 2", "other"]);

        Assert.Contains("3 with other labels", Assert.Throws<ArgumentException>(() => ClassifierComparer.Compare(Loaded(_first), _images, Loaded(_second), fewer)).Message, StringComparison.Ordinal);
        Assert.Contains("in the same order", Assert.Throws<ArgumentException>(() => ClassifierComparer.Compare(Loaded(_first), _images, Loaded(_second), others)).Message, StringComparison.Ordinal);
        Assert.Contains("other", Assert.Throws<ArgumentException>(() => ClassifierComparer.Compare(Loaded(_first), _images, Loaded(_second), renamed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sheet_shows_a_row_for_every_class_and_who_is_right()
    {
        ImageDifference Difference(long index, string first, string second) => new() { Index = index, Label = $"class {index % 4}", First = new(first, 0.5), Second = new(second, 0.5) };
        ImageDifference[] differences =
        [
            .. Enumerable.Range(0, 15).Select(i => Difference(4 * i, "class 0", "class 1")), // only A, 15 of which 12 are shown
            Difference(1, "class 0", "class 1"), // only B
            Difference(2, "class 0", "class 1"), // neither
        ];
        var path = _folder.File("sheet.png");

        Assert.Equal(12 + 1 + 1, DifferenceSheet.WritePng(path, _images, differences));
        var sheet = ImageFile.Decode(path);
        Assert.InRange(sheet.Height, 3 * 2 * 28, (3 * 2 * 28) + 60);
        Assert.InRange(sheet.Width, 12 * 2 * 28, (12 * 2 * 28) + 200);

        Assert.Throws<ArgumentException>(() => DifferenceSheet.WritePng(path, _images, []));
        Assert.Throws<OutputException>(() => DifferenceSheet.WritePng(_folder.File("none", "sheet.png"), _images, differences));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _images.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private LoadedClassifier Loaded(ImageClassifier model) =>
        new(model, new ClassifierInfo { Network = model.Options, ClassNames = _images.ClassNames, Preprocessing = _images.Preprocessing });

    private static (long Label, double Probability)[] Predict(ImageClassifier model, ImageDataset images)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        model.eval();
        var probabilities = model.forward(PixelBatch.ToNetworkInput(images.Images)).softmax(1);
        var (values, indices) = probabilities.max(1);
        return [.. indices.data<long>().ToArray().Zip(values.data<float>().ToArray().Select(value => (double)value))];
    }

    private sealed class Counter(List<int> counts) : IProgress<int>
    {
        public void Report(int value) => counts.Add(value);
    }
}
