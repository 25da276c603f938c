namespace PhotoMl.Tests.Evaluation;

public sealed class ClassifierEvaluatorTests : IDisposable
{
    private readonly ImageDataset _data = SyntheticImages.Create(103, classes: 4);
    private readonly ConvClassifier _model = new(new ClassifierOptions { Classes = 4 }, seed: 2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Loss_and_counts_are_those_of_one_pass_over_all_images(int threadCount)
    {
        using var threads = new TorchThreads(threadCount);
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var logits = _model.forward(PixelBatch.ToNetworkInput(_data.Images));
        var predicted = logits.argmax(1).data<long>().ToArray();
        var actual = _data.Labels.data<long>().ToArray();

        var report = ClassifierEvaluator.Evaluate(_model, _data, batchSize: 10);

        Assert.Equal(nn.functional.cross_entropy(logits, _data.Labels).item<float>(), report.Loss, tolerance: 1e-5);
        Assert.Equal(103, report.Images);
        Assert.Equal(actual.Zip(predicted).Count(pair => pair.First == pair.Second) / 103.0, report.Accuracy);
        Assert.All(Enumerable.Range(0, 16), cell => Assert.Equal(
            actual.Zip(predicted).Count(pair => pair == (cell / 4, cell % 4)), report.Confusion[cell / 4, cell % 4]));
        Assert.Equal(_data.ClassCounts.Select(count => (long)count), report.PerClass.Select(metrics => metrics.Support));
        Assert.Equal(ConfidenceInterval.Wilson(report.Confusion.Correct, 103), report.AccuracyInterval);
    }

    [Fact]
    public void Threads_that_have_a_batch_each_give_a_resnet18s_probabilities_in_the_order_of_the_images()
    {
        using var model = ImageClassifier.Create(
            new ClassifierOptions { Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = 32, Width = 32, Classes = 4 });
        using var images = _data.ConvertTo(3, 32, 32);
        var (one, four) = (With(1), With(4));

        Assert.Equal(103, one.Length);
        Assert.True(one.Select(row => row[0]).Distinct().Count() > 50);
        Assert.All(one.Zip(four).SelectMany(rows => rows.First.Zip(rows.Second)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        float[][] With(int count)
        {
            using var threads = new TorchThreads(count);
            return ClassifierEvaluator.Probabilities(model, images, temperature: 1, progress: null, CancellationToken.None);
        }
    }

    [Fact]
    public void A_model_that_always_says_the_same_is_right_as_often_as_that_class_comes()
    {
        using (no_grad())
        {
            _model.get_parameter("dense2.weight")!.zero_();
            _model.get_parameter("dense2.bias")!.copy_(tensor(new float[] { 0, 0, 9, 0 }));
        }

        var report = ClassifierEvaluator.Evaluate(_model, _data);

        Assert.Equal(_data.ClassCounts[2] / 103.0, report.Accuracy);
        Assert.Equal(1, report.PerClass[2].Recall);
        Assert.Equal(0, report.PerClass[0].Recall);

        // -log softmax: log(3 + e^9) for the three other classes, the same less 9 for this one.
        Assert.Equal(Math.Log(3 + Math.Exp(9)) - (9 * report.Accuracy), report.Loss, tolerance: 1e-5);
    }

    [Fact]
    public void Progress_counts_the_images_and_no_tensor_is_left_behind()
    {
        Assert.Equal([35, 70, 103], With(1)); // three batches, of much the same size
        Assert.Equal([52, 103], With(2)); // a batch of each thread at a time
        using var threads = new TorchThreads(2);
        TensorAssert.NoneIsLeftBehind(() => ClassifierEvaluator.Evaluate(_model, _data, 50));

        List<int> With(int count)
        {
            using var threads = new TorchThreads(count);
            var counts = new List<int>();
            ClassifierEvaluator.Evaluate(_model, _data, 50, new SynchronousProgress<int>(counts.Add));
            return counts;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_model_is_left_in_the_mode_it_was_in_even_when_cancelled(bool training)
    {
        _model.train(training);
        ClassifierEvaluator.Evaluate(_model, _data);
        Assert.Equal(training, _model.training);

        var canceled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => ClassifierEvaluator.Evaluate(_model, _data, cancellationToken: canceled));
        Assert.Equal(training, _model.training);
    }

    [Fact]
    public void Images_that_do_not_fit_the_model_are_refused()
    {
        using var fiveClasses = SyntheticImages.Create(10, classes: 5);
        using var otherSize = SyntheticImages.Create(10, classes: 4, width: 30);
        using var none = _data.Select([]);

        var refusal = Assert.Throws<ArgumentException>(() => ClassifierEvaluator.Evaluate(_model, fiveClasses)).Message;
        Assert.Contains("of 4 classes", refusal, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ClassifierEvaluator.Evaluate(_model, otherSize));
        Assert.Throws<ArgumentException>(() => ClassifierEvaluator.Evaluate(_model, none));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassifierEvaluator.Evaluate(_model, _data, batchSize: 0));
    }

    public void Dispose()
    {
        _data.Dispose();
        _model.Dispose();
    }
}
