namespace PhotoMl.Tests.Training;

public sealed class GeneratorWatchTests : IDisposable
{
    private readonly DcganGenerator _generator = new(GanRuns.Network, seed: 4);

    [Fact]
    public void Pictures_as_different_as_the_real_ones_have_a_diversity_of_1()
    {
        // The real images are the generator's own, of other random numbers.
        using var data = Real(["none"], _ => 0);
        var health = new GeneratorWatch(data, classifier: null, seed: 1).Check(_generator);

        Assert.InRange(health.Diversity, 0.9, 1.1);
        Assert.False(health.IsCollapsed);
        Assert.Null(health.Message);
        Assert.Null(health.ClassEntropy);
        Assert.Empty(health.MissingClasses);
    }

    [Fact]
    public void The_same_picture_again_and_again_has_no_diversity()
    {
        using var data = Real(["none"], _ => 0);
        GanRuns.MakeConstant(_generator);
        var health = new GeneratorWatch(data, classifier: null, seed: 1).Check(_generator);

        Assert.InRange(health.Diversity, 0, 0.02);
        Assert.True(health.IsCollapsed);
        Assert.Contains("the generator has collapsed", health.Message, StringComparison.Ordinal);
        Assert.Contains("try a lower learning rate", health.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variety_is_how_far_a_picture_is_from_the_most_similar_other_one_as_a_share_of_the_same_among_real_ones()
    {
        // Three real images of one level each, 0, 3 and 10: the most similar are 3, 3 and 7 levels away, over 784 pixels.
        using var scope = NewDisposeScope();
        var levels = tensor(new byte[] { 0, 3, 10 }).view(3, 1, 1, 1).expand(3, 1, 28, 28).clone();
        using var data = new ImageDataset("levels", levels, zeros(3, ScalarType.Int64), ["none"]);
        var health = new GeneratorWatch(data, classifier: null, seed: 1).Check(_generator);

        var seed = new PhotoMl.Runtime.DeterministicRandom(1, (long)RandomStream.Watch).NextSeed();
        var pixels = GeneratorSampler.Sample(_generator, new SampleOptions { Seed = seed, Count = 3 }).to(ScalarType.Float64).flatten(1);
        double Distance(int a, int b) => (pixels[a] - pixels[b]).norm().item<double>();
        var (ab, ac, bc) = (Distance(0, 1), Distance(0, 2), Distance(1, 2));
        var expected = (Math.Min(ab, ac) + Math.Min(ab, bc) + Math.Min(ac, bc)) / 3 / (28 * (3 + 3 + 7) / 3.0);
        Assert.InRange(health.Diversity, 0.995 * expected, 1.005 * expected);
    }

    [Fact]
    public void It_looks_at_the_same_pictures_every_time_and_leaves_the_generator_as_it_was()
    {
        using var data = Real(["none"], _ => 0);
        var watch = new GeneratorWatch(data, classifier: null, seed: 1);
        _generator.train();

        Assert.Equal(watch.Check(_generator).Diversity, watch.Check(_generator).Diversity);
        Assert.True(_generator.training);
    }

    [Fact]
    public void Real_images_that_are_all_the_same_can_tell_nothing()
    {
        using var data = new ImageDataset("black", zeros([10, 1, 28, 28], ScalarType.Byte), zeros(10, ScalarType.Int64), ["none"]);

        Assert.Equal(1, new GeneratorWatch(data, classifier: null, seed: 1).Check(_generator).Diversity);
    }

    [Fact]
    public void A_class_that_is_never_made_is_named()
    {
        using var data = Real(["ant", "bee", "cat", "dog"], index => index % 4);
        using var classifier = Classifier(data, without: 3);
        var health = new GeneratorWatch(data, classifier, seed: 1).Check(_generator);

        Assert.Equal(["dog"], health.MissingClasses);
        Assert.Equal("the generator makes hardly any picture of dog", health.Message);
        Assert.False(health.IsCollapsed);
        Assert.InRange(health.ClassEntropy!.Value, 0.7, Math.Log(3));
    }

    [Fact]
    public void Pictures_of_one_class_only_are_a_collapse()
    {
        using var data = Real(["ant", "bee", "cat", "dog"], index => index % 4);
        using var classifier = new ConvClassifier(new ClassifierOptions { Classes = 4 });
        using (no_grad())
        {
            classifier.get_parameter("dense2.bias")![2] = tensor(1000f);
        }

        var health = new GeneratorWatch(data, classifier, seed: 1).Check(_generator);

        Assert.Equal(0, health.ClassEntropy);
        Assert.Equal(["ant", "bee", "dog"], health.MissingClasses);
        Assert.True(health.IsCollapsed);
        Assert.Contains("hardly any picture of ant, bee, dog", health.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_without_real_images_is_not_missed()
    {
        using var data = Real(["ant", "bee", "cat", "dog"], index => index % 3);
        using var classifier = Classifier(data, without: 3);

        Assert.Null(new GeneratorWatch(data, classifier, seed: 1).Check(_generator).Message);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var data = Real(["none"], _ => 0);
        TensorAssert.NoneIsLeftBehind(() => new GeneratorWatch(data, classifier: null, seed: 1).Check(_generator));
    }

    public void Dispose() => _generator.Dispose();

    private ImageDataset Real(string[] classNames, Func<int, long> label)
    {
        using var scope = NewDisposeScope();
        var images = GeneratorSampler.Sample(_generator, new SampleOptions { Seed = 5, Count = 100 });
        return new ImageDataset("generated", images, tensor(Enumerable.Range(0, 100).Select(label).ToArray()), classNames);
    }

    // One that knows nothing, with biases that share the pictures out among all classes but one.
    private static ConvClassifier Classifier(ImageDataset data, int without)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var classifier = new ConvClassifier(new ClassifierOptions { Classes = 4 });
        var bias = classifier.get_parameter("dense2.bias")!;
        bias.sub_(classifier.forward(PixelBatch.ToNetworkInput(data.Images)).mean([0L]));
        bias[without] = tensor(-1000f);
        return classifier;
    }
}
