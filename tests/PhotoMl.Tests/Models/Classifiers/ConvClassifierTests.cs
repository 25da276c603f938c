namespace PhotoMl.Tests.Models;

public sealed class ConvClassifierTests
{
    public static TheoryData<ClassifierOptions> Sizes =>
    [
        new ClassifierOptions(),
        new ClassifierOptions { Channels = 3, Height = 32, Width = 41, Classes = 5 },
        new ClassifierOptions { Height = 18, Width = 18, Classes = 2 },
    ];

    [Fact]
    public void The_network_for_MNIST_has_93322_parameters()
    {
        using var model = new ConvClassifier();

        Assert.Equal(93_322, model.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_weights_have_the_names_and_shapes_that_a_file_is_checked_for(ClassifierOptions options)
    {
        using var model = new ConvClassifier(options);
        var expected = ConvClassifier.WeightShapes(options);
        var actual = model.state_dict();

        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(actual, entry => Assert.Equal(expected[entry.Key], entry.Value.shape));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Images_become_one_row_of_logits_each(ClassifierOptions options)
    {
        using var scope = NewDisposeScope();
        using var model = new ConvClassifier(options);
        foreach (var batch in new[] { 1, 5 })
        {
            using var logits = model.forward(rand(batch, options.Channels, options.Height, options.Width));

            Assert.Equal([batch, options.Classes], logits.shape);
            Assert.Equal(ScalarType.Float32, logits.dtype);
        }
    }

    [Fact]
    public void The_network_is_the_one_described_layer_by_layer()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var model = new ConvClassifier(seed: 5);
        var weights = model.state_dict();
        foreach (var bias in weights.Where(entry => entry.Key.EndsWith("bias", StringComparison.Ordinal)))
        {
            bias.Value.copy_(TensorAssert.Normal(9, bias.Value.shape).mul_(0.1));
        }

        var images = rand(4, 1, 28, 28);
        var x = nn.functional.max_pool2d(nn.functional.relu(nn.functional.conv2d(images, weights["conv1.weight"], weights["conv1.bias"])), 2);
        x = nn.functional.max_pool2d(nn.functional.relu(nn.functional.conv2d(x, weights["conv2.weight"], weights["conv2.bias"])), 2);
        x = nn.functional.relu(nn.functional.conv2d(x, weights["conv3.weight"], weights["conv3.bias"])).contiguous().flatten(1);
        x = nn.functional.relu(nn.functional.linear(x, weights["dense1.weight"], weights["dense1.bias"]));
        x = nn.functional.linear(x, weights["dense2.weight"], weights["dense2.bias"]);

        TensorAssert.Close(x, model.forward(images), 0, 1e-5);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Features_are_what_the_logits_are_computed_from_and_the_logits_those_of_forward(Precision precision)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var model = new ConvClassifier(seed: 5) { Precision = precision };
        var images = rand(4, 1, 28, 28);
        var (features, logits) = model.ForwardWithFeatures(images);

        Assert.Equal([4, 64], features.shape);
        Assert.Equal(ScalarType.Float32, features.dtype);
        Assert.Equal(0, features.min().item<float>());
        Assert.True(features.max().item<float>() > 0);
        TensorAssert.Equal(nn.functional.linear(features, model.get_parameter("dense2.weight")!, model.get_parameter("dense2.bias")), logits);
        TensorAssert.Equal(model.forward(images), logits);
        Assert.Throws<ArgumentException>(() => model.ForwardWithFeatures(images[0]));
        TensorAssert.NoneIsLeftBehind(() =>
        {
            var (first, second) = model.ForwardWithFeatures(images);
            first.Dispose();
            second.Dispose();
        });
    }

    [Theory]
    [InlineData(new long[] { 2, 1, 28, 27 }, ScalarType.Float32)]
    [InlineData(new long[] { 2, 3, 28, 28 }, ScalarType.Float32)]
    [InlineData(new long[] { 1, 28, 28 }, ScalarType.Float32)]
    [InlineData(new long[] { 2, 1, 28, 28 }, ScalarType.Byte)]
    [InlineData(new long[] { 2, 1, 28, 28 }, ScalarType.Float64)]
    public void Images_of_another_shape_or_dtype_are_refused_with_both_named(long[] shape, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var model = new ConvClassifier();

        var exception = Assert.Throws<ArgumentException>(() => model.forward(zeros(shape, type)));

        Assert.Contains("(N, 1, 28, 28) of Float32", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"but got ({string.Join(", ", shape)}) of {type}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conv1", 9 * (1 + 32))]
    [InlineData("conv2", 9 * (32 + 64))]
    [InlineData("conv3", 9 * (64 + 64))]
    [InlineData("dense1", 576 + 64)]
    [InlineData("dense2", 64 + 10)]
    public void Weights_start_uniform_within_the_limit_of_Glorot_and_biases_at_zero(string layer, int fans)
    {
        using var scope = NewDisposeScope();
        using var model = new ConvClassifier();
        var limit = Math.Sqrt(6.0 / fans);
        var weights = model.state_dict();
        var weight = weights[$"{layer}.weight"].detach();

        Assert.InRange(weight.max().item<float>(), 0.95 * limit, limit);
        Assert.InRange(weight.min().item<float>(), -limit, -0.95 * limit);
        Assert.InRange(weight.std().item<float>(), 0.9 * limit / Math.Sqrt(3), 1.1 * limit / Math.Sqrt(3));
        Assert.Equal(0, weights[$"{layer}.bias"].detach().abs().max().item<float>());
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        manual_seed(1);
        using var first = new ConvClassifier(seed: 7);
        manual_seed(2);
        using var again = new ConvClassifier(seed: 7);
        using var other = new ConvClassifier(seed: 8);

        Assert.Equal(WeightBytes.Of(first), WeightBytes.Of(again));
        Assert.NotEqual(WeightBytes.Of(first), WeightBytes.Of(other));
    }

    [Fact]
    public void Logits_in_bfloat16_are_close_to_those_in_float32()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var model = new ConvClassifier();
        var images = rand(16, 1, 28, 28);
        var exact = model.forward(images);
        model.Precision = Precision.BFloat16;
        var rounded = model.forward(images);

        TensorAssert.Close(exact, rounded, 0, 0.03);
        Assert.NotEqual(exact.bytes.ToArray(), rounded.bytes.ToArray());
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [BFloat16Data(Precision.BFloat16)]
    public void The_network_learns_32_images_by_heart(Precision precision)
    {
        using var scope = NewDisposeScope();
        using var model = new ConvClassifier { Precision = precision };
        using var optimizer = new AdamOptimizer(model.named_parameters(), weightDecay: 0, decoupled: false);
        var images = PixelBatch.ToNetworkInput(TensorAssert.Normal(1, 32, 1, 28, 28).mul_(40).add_(128).clamp_(0, 255).to(ScalarType.Byte)); // noise
        var labels = arange(32, ScalarType.Int64).remainder(10);

        var loss = double.NaN;
        for (var step = 0; step < 120; step++)
        {
            using var stepScope = NewDisposeScope();
            model.zero_grad();
            var error = nn.functional.cross_entropy(model.forward(images), labels);
            error.backward();
            optimizer.Step(0.002);
            loss = error.item<float>();
        }

        Assert.InRange(loss, 0, 0.02);
        Assert.Equal(32, model.forward(images).argmax(1).eq(labels).sum().item<long>());
    }
}
