namespace PhotoMl.Tests.Evaluation;

public sealed class ClassifierComparisonTests : IDisposable
{
    private readonly ConvClassifier _first = new(new ClassifierOptions { Classes = 4 }, seed: 1);
    private readonly ConvClassifier _second = new(new ClassifierOptions { Classes = 4 }, seed: 2);
    private readonly ImageDataset _images = SyntheticImages.Create(103);

    [Fact]
    public void Every_count_and_difference_is_that_of_single_predictions()
    {
        var comparison = ClassifierComparison.Of(Loaded(_first), _images, Loaded(_second), _images, batchSize: 20);
        var (one, other) = (Predict(_first, _images), Predict(_second, _images));
        var labels = _images.Labels.data<long>().ToArray();
        int Count(bool first, bool second) =>
            Enumerable.Range(0, 103).Count(i => (one[i].Label == labels[i], other[i].Label == labels[i]) == (first, second));

        Assert.Equal((Count(true, true), Count(true, false)), (comparison.BothCorrect, comparison.OnlyFirst));
        Assert.Equal((Count(false, true), Count(false, false)), (comparison.OnlySecond, comparison.BothWrong));
        Assert.Equal(ClassifierEvaluator.Evaluate(_first, _images).Confusion.ToRows(), comparison.First.Confusion.ToRows());
        Assert.Equal(ClassifierEvaluator.Evaluate(_second, _images).Accuracy - comparison.First.Accuracy, comparison.Difference, 12);

        var expected = Enumerable.Range(0, 103).Where(i => one[i].Label != other[i].Label).ToArray();
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(i => (long)i), comparison.Differences.Select(image => image.Index));
        Assert.All(comparison.Differences, image =>
        {
            var (first, second) = (one[image.Index], other[image.Index]);
            Assert.Equal($"class {labels[image.Index]}", image.Label);
            Assert.Equal(($"class {first.Label}", $"class {second.Label}"), (image.First.Label, image.Second.Label));
            Assert.Equal(first.Probability, image.First.Probability, tolerance: 1e-5);
            Assert.Equal(second.Probability, image.Second.Probability, tolerance: 1e-5);
            Assert.Null(image.Path);
        });
    }

    [Fact]
    public void A_classifier_differs_in_nothing_from_itself()
    {
        var comparison = ClassifierComparison.Of(Loaded(_first), _images, Loaded(_first), _images);

        Assert.Equal((0, 1), (comparison.Difference, comparison.P));
        Assert.Equal((0, 0), (comparison.OnlyFirst, comparison.OnlySecond));
        Assert.Empty(comparison.Differences);
    }

    [Fact]
    public void Classes_in_another_order_are_matched_by_their_names()
    {
        using var turned = _images.WithClasses(["class 3", "class 2", "class 1", "class 0"]);
        using var model = (ConvClassifier)_first.Copy();
        using (no_grad())
        using (NewDisposeScope())
        {
            // The same network with its outputs turned about.
            foreach (var (_, last) in model.named_parameters().Where(parameter => parameter.parameter.shape[0] == 4))
            {
                last.copy_(last.flip(0));
            }
        }

        var comparison = ClassifierComparison.Of(Loaded(_first), _images, Loaded(model), turned);
        Assert.Empty(comparison.Differences);
        Assert.Equal(comparison.First.Accuracy, comparison.Second.Accuracy);
    }

    [Fact]
    public void Networks_of_different_sizes_see_the_same_images_each_in_its_own()
    {
        using var threads = new TorchThreads(2);
        using var large = _images.ConvertTo(1, 32, 32);
        using var other = new ConvClassifier(new ClassifierOptions { Classes = 4, Height = 32, Width = 32 }, seed: 1);
        var done = new List<int>();
        var progress = new SynchronousProgress<int>(done.Add);
        var comparison = ClassifierComparison.Of(Loaded(_first), _images, Loaded(other), large, batchSize: 60, progress);

        Assert.Equal(103, comparison.Images);
        Assert.Equal([103, 206], done);
        TensorAssert.NoneIsLeftBehind(() => ClassifierComparison.Of(Loaded(_first), _images, Loaded(_second), _images));
    }

    [Fact]
    public void The_sheet_shows_a_row_for_every_class_and_who_is_right()
    {
        static ImageDifference Difference(long index) =>
            new() { Index = index, Label = $"class {index % 4}", First = new("class 0", 0.5), Second = new("class 1", 0.5) };
        using var folder = new TemporaryFolder();
        var path = folder.File("sheet.png");

        // Only A, 15 of which 12 are shown; only B; neither.
        ImageDifference[] differences = [.. Enumerable.Range(0, 15).Select(i => Difference(4 * i)), Difference(1), Difference(2)];
        Assert.Equal(12 + 1 + 1, DifferenceSheet.WritePng(path, _images, differences));
        var sheet = ImageFile.Decode(path);
        Assert.InRange(sheet.Height, 3 * 2 * 28, (3 * 2 * 28) + 60);
        Assert.InRange(sheet.Width, 12 * 2 * 28, (12 * 2 * 28) + 200);

        Assert.Throws<ArgumentException>(() => DifferenceSheet.WritePng(path, _images, []));
        Assert.Throws<OutputException>(() => DifferenceSheet.WritePng(folder.File("none", "sheet.png"), _images, differences));
    }

    [Fact]
    public void Of_large_images_as_many_rows_are_drawn_as_a_picture_can_hold()
    {
        using var folder = new TemporaryFolder();
        string[] classes = [.. Enumerable.Range(0, 33).Select(label => $"{label}")];
        using var images = ImageDataset.FromBytes(
            "large", new byte[33 * 1024 * 1024], 1, 1024, 1024, [.. Enumerable.Range(0, 33).Select(label => (long)label)], classes);
        var differences = classes.Select((label, i) =>
            new ImageDifference { Index = i, Label = label, First = new("0", 1), Second = new("x", 1) });
        Assert.InRange(DifferenceSheet.WritePng(folder.File("sheet.png"), images, [.. differences]), 1, 32);
    }

    public void Dispose()
    {
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
        var (values, indices) = model.forward(PixelBatch.ToNetworkInput(images.Images)).softmax(1).max(1);
        return [.. indices.data<long>().ToArray().Zip(values.data<float>().ToArray().Select(value => (double)value))];
    }
}
