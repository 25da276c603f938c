namespace PhotoMl.Tests.Models;

public sealed class ConvClassifierTests
{
    public static TheoryData<ClassifierOptions> Sizes =>
    [
        new ClassifierOptions(),
        new ClassifierOptions { Channels = 3, Height = 32, Width = 41, Classes = 5 },
        new ClassifierOptions { Height = 18, Width = 18, Classes = 2 },
        new ClassifierOptions { Height = 29, Width = 30, Classes = 2 },
        new ClassifierOptions { Height = 31, Width = 27, Classes = 2 },
    ];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_weights_have_the_names_and_layouts_of_PyTorch(ClassifierOptions options)
    {
        var side = (int size) => ((((size - 2) / 2) - 2) / 2) - 2;
        var expected = new Dictionary<string, long[]>
        {
            ["conv1.weight"] = [32, options.Channels, 3, 3],
            ["conv1.bias"] = [32],
            ["conv2.weight"] = [64, 32, 3, 3],
            ["conv2.bias"] = [64],
            ["conv3.weight"] = [64, 64, 3, 3],
            ["conv3.bias"] = [64],
            ["dense1.weight"] = [64, 64 * side(options.Height) * side(options.Width)],
            ["dense1.bias"] = [64],
            ["dense2.weight"] = [options.Classes, 64],
            ["dense2.bias"] = [options.Classes],
        };

        using var model = new ConvClassifier(options);
        Assert.Equal(expected, NetworkWeights.ShapesOf(model));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_network_is_the_one_described_layer_by_layer(ClassifierOptions options)
    {
        using var scope = NewDisposeScope();
        using var model = new ConvClassifier(options, seed: 5);
        var weights = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach());
        foreach (var bias in weights.Where(entry => entry.Key.EndsWith("bias", StringComparison.Ordinal)))
        {
            bias.Value.copy_(TensorAssert.Normal(9, bias.Value.shape).mul_(0.1));
        }

        var images = rand(4, options.Channels, options.Height, options.Width).requires_grad_();
        var x = nn.functional.max_pool2d(Conv(images, "conv1"), 2);
        x = Conv(nn.functional.max_pool2d(Conv(x, "conv2"), 2), "conv3").contiguous().flatten(1);
        x = nn.functional.relu(nn.functional.linear(x, weights["dense1.weight"], weights["dense1.bias"]));
        x = nn.functional.linear(x, weights["dense2.weight"], weights["dense2.bias"]);

        var logits = model.forward(images);
        TensorAssert.Close(x, logits, 0, 1e-5);
        TensorAssert.Close(x, model.forward(images.detach()), 0, 1e-5);
        TensorAssert.Close(autograd.grad([x.sum()], [images])[0], autograd.grad([logits.sum()], [images])[0], 0, 1e-5);

        Tensor Conv(Tensor x, string name) =>
            nn.functional.relu(nn.functional.conv2d(x, weights[$"{name}.weight"], weights[$"{name}.bias"]));
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
        var weights = model.state_dict();
        TensorAssert.Equal(nn.functional.linear(features, weights["dense2.weight"], weights["dense2.bias"]), logits);
        TensorAssert.Equal(model.forward(images), logits);
        Assert.Throws<ArgumentException>(() => model.ForwardWithFeatures(images[0]));
        TensorAssert.NoneIsLeftBehind(() =>
        {
            var (first, second) = model.ForwardWithFeatures(images);
            first.Dispose();
            second.Dispose();
        });
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
        var images = TensorAssert.Normal(1, 32, 1, 28, 28).mul_(0.16).add_(0.5).clamp_(0, 1); // noise
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
