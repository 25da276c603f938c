namespace PhotoMl.Tests.Models;

public sealed class ResNet18ClassifierTests
{
    private const string Layers =
        """
        conv1 bn1
        layer1.0.conv1 layer1.0.bn1 layer1.0.conv2 layer1.0.bn2
        layer1.1.conv1 layer1.1.bn1 layer1.1.conv2 layer1.1.bn2
        layer2.0.conv1 layer2.0.bn1 layer2.0.conv2 layer2.0.bn2 layer2.0.downsample.0 layer2.0.downsample.1
        layer2.1.conv1 layer2.1.bn1 layer2.1.conv2 layer2.1.bn2
        layer3.0.conv1 layer3.0.bn1 layer3.0.conv2 layer3.0.bn2 layer3.0.downsample.0 layer3.0.downsample.1
        layer3.1.conv1 layer3.1.bn1 layer3.1.conv2 layer3.1.bn2
        layer4.0.conv1 layer4.0.bn1 layer4.0.conv2 layer4.0.bn2 layer4.0.downsample.0 layer4.0.downsample.1
        layer4.1.conv1 layer4.1.bn1 layer4.1.conv2 layer4.1.bn2
        fc
        """;

    private static readonly ClassifierOptions Small = new()
    {
        Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = 64, Width = 64, Classes = 5,
    };

    [Fact]
    public void The_network_for_ImageNet_has_11689512_parameters_and_the_122_tensors_of_torchvision()
    {
        var options = Small with { Classes = 1000 };
        using var model = ImageClassifier.CreateBlank(options);
        string[] norm = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"];
        var expected = Layers.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).SelectMany(layer =>
        {
            var isNorm = layer.Contains("bn", StringComparison.Ordinal) || layer.EndsWith("downsample.1", StringComparison.Ordinal);
            return (isNorm ? norm : layer == "fc" ? ["weight", "bias"] : ["weight"]).Select(part => $"{layer}.{part}");
        }).ToList();
        var shapes = NetworkWeights.ShapesOf(model);

        Assert.Equal(11_689_512, model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(122, expected.Count);
        Assert.Equal(expected.Order(), model.state_dict().Keys.Order());
        Assert.Equal(expected.Order(), shapes.Keys.Order());
        Assert.Equal([512, 256, 1, 1], shapes["layer4.0.downsample.0.weight"]);
        Assert.Equal([128, 64, 3, 3], shapes["layer2.0.conv1.weight"]);
    }

    [Fact]
    public void Weights_start_as_in_torchvision()
    {
        using var scope = NewDisposeScope();
        using var model = new ResNet18Classifier(Small, seed: 7);
        var weights = model.state_dict();
        var convolution = weights["layer3.1.conv2.weight"].detach();

        Assert.Equal(1, convolution.std().item<float>() / Math.Sqrt(2.0 / (256 * 9)), 0.01);
        Assert.Equal(0, convolution.mean().item<float>(), 3);
        Assert.InRange(weights["fc.weight"].detach().abs().max().item<float>(), 0.95 / Math.Sqrt(512), 1 / Math.Sqrt(512));
        Assert.InRange(weights["fc.bias"].detach().abs().max().item<float>(), 1e-4, 1 / Math.Sqrt(512));
        Assert.Equal(1, weights["layer2.0.bn2.weight"].detach().min().item<float>());
        Assert.Equal(0, weights["layer2.0.bn2.bias"].detach().abs().max().item<float>());
    }

    [Theory]
    [InlineData(Precision.Float32, 1e-5)]
    [InlineData(Precision.BFloat16, 0.01)] // each of five layers rounds to 8 bits
    public void A_red_edge_walks_through_the_strides_and_paddings_as_computed_by_hand(Precision precision, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var model = ImageClassifier.CreateBlank(Small); // weights of 0
        model.Precision = precision;
        model.eval();
        model.get_parameter("conv1.weight")![0, 0, 3, 3] = 1; // the middle of the window, red
        foreach (var stage in new[] { 2, 3, 4 })
        {
            model.get_parameter($"layer{stage}.0.downsample.0.weight")![0, 0, 0, 0] = 1;
        }

        // Grey as ImageNet's mean, but for red in the first 16 of 64 columns: (1 - 0.485) / 0.229.
        var images = tensor(new[] { 0.485f, 0.456f, 0.406f }, [1, 3, 1, 1]).expand(1, 3, 64, 64).clone();
        images.select(1, 0).narrow(2, 0, 16).fill_(1);
        var (features, _) = model.ForwardWithFeatures(images);

        // The columns with red: 8 of 32, then 5 of 16 (the window of the fifth reaches back to the eighth), 3 of 8, 2 of 4, 1 of 2.
        // Four norms divide by sqrt(1 + 1e-5).
        Assert.Equal([1, 512], features.shape);
        Assert.Equal(0.5 * (1 - 0.485) / 0.229 / (1.00001 * 1.00001), features[0, 0].item<float>(), tolerance);
        Assert.Equal(0, features.narrow(1, 1, 511).abs().max().item<float>(), tolerance);
    }

    [Theory]
    [InlineData(3, 64, 64, 4, true)]
    [InlineData(1, 33, 47, 3, true)]
    [InlineData(3, 96, 80, 2, false)]
    public void Logits_gradients_and_statistics_are_those_of_torchs_own_operators(
        int channels, int height, int width, int batch, bool training)
    {
        using var scope = NewDisposeScope();
        using var model = new ResNet18Classifier(Small with { Channels = channels }, seed: 3);
        Stir(model);
        model.train(training);
        var copies = PlainResNet18.CopyWeights(model);
        var images = TensorAssert.Normal(4, batch, channels, height, width).mul_(0.2).add_(0.5).clamp_(0, 1);
        var labels = arange(batch, ScalarType.Int64).remainder(5);

        var expected = new PlainResNet18(copies, training).Forward(images);
        nn.functional.cross_entropy(expected, labels).backward();
        var actual = model.forward(images);
        nn.functional.cross_entropy(actual, labels).backward();

        TensorAssert.Close(expected, actual, 0, 1e-4);
        foreach (var (name, parameter) in model.named_parameters())
        {
            // Of few images, one activation that rounding makes negative weighs much.
            TensorAssert.CloseInNorm(copies[name].grad!, parameter.grad!, 5e-3, name);
        }

        foreach (var (name, buffer) in model.named_buffers())
        {
            if (name.EndsWith("tracked", StringComparison.Ordinal))
            {
                Assert.Equal(training ? 1 : 0, buffer.item<long>());
            }
            else
            {
                TensorAssert.Close(copies[name], buffer, 0, 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Logits_in_bfloat16_are_close_to_those_in_float32(bool training)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var model = new ResNet18Classifier(Small, seed: 3);
        model.train(training);
        var images = TensorAssert.Normal(5, 4, 3, 64, 64).mul_(0.2).add_(0.5).clamp_(0, 1);
        var exact = model.forward(images);
        model.Precision = Precision.BFloat16;
        var rounded = model.forward(images);

        Assert.Equal(ScalarType.Float32, rounded.dtype);
        TensorAssert.CloseInNorm(exact, rounded, 0.05);
        Assert.NotEqual(exact.bytes.ToArray(), rounded.bytes.ToArray());
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void A_single_image_whose_last_maps_are_one_pixel_is_normalised_by_what_was_seen_before(Precision precision)
    {
        using var scope = NewDisposeScope();
        using var model = new ResNet18Classifier(Small, seed: 3) { Precision = precision };
        var logits = model.forward(rand(1, 3, 32, 32));
        var weights = model.state_dict();

        Assert.True(logits.isfinite().all().item<bool>());
        Assert.Equal(0, weights["layer4.1.bn2.num_batches_tracked"].item<long>());
        Assert.Equal(1, weights["layer4.1.bn2.running_var"].min().item<float>());
        Assert.Equal(1, weights["layer3.1.bn2.num_batches_tracked"].item<long>());
    }

    [Fact]
    public void Options_for_images_below_32_pixels_or_for_another_network_are_refused()
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => ImageClassifier.Create(Small with { Height = 31 }));
        Assert.Contains("at least 32x32 pixels for a resnet18 but got 31x64", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ResNet18Classifier(new ClassifierOptions()));
    }

    [Fact]
    public void Frozen_stages_take_no_gradients_and_keep_their_statistics()
    {
        using var scope = NewDisposeScope();
        using var model = new ResNet18Classifier(Small, seed: 3);
        model.Freeze("layer2");
        var before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        model.forward(rand(4, 3, 64, 64)).sum().backward();

        Assert.Equal("layer2", model.FrozenStage);
        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.Equal(!IsUpToLayer2(name), parameter.grad is not null);
        }

        foreach (var (name, buffer) in model.named_buffers())
        {
            Assert.Equal(IsUpToLayer2(name), buffer.equal(before[name]).all().item<bool>());
        }

        var exception = Assert.Throws<ArgumentException>(() => model.Freeze("layer5"));
        Assert.Contains("stem, layer1, layer2, layer3, layer4, but got layer5", exception.Message, StringComparison.Ordinal);
        model.Freeze(null);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [BFloat16Data(Precision.BFloat16)]
    public void The_network_learns_8_images_by_heart_and_leaves_no_tensor_behind(Precision precision)
    {
        using var scope = NewDisposeScope();
        using var model = new ResNet18Classifier(Small, seed: 3) { Precision = precision };
        using var optimizer = new AdamOptimizer(model.named_parameters(), weightDecay: 0, decoupled: false);
        var images = TensorAssert.Normal(1, 8, 3, 32, 32).mul_(0.2).add_(0.5).clamp_(0, 1);
        var labels = arange(8, ScalarType.Int64).remainder(5);
        var loss = double.NaN;
        void Step()
        {
            using var stepScope = NewDisposeScope();
            model.zero_grad();
            var error = nn.functional.cross_entropy(model.forward(images), labels);
            error.backward();
            optimizer.Step(0.001);
            loss = error.item<float>();
        }

        for (var step = 0; step < 8; step++)
        {
            Step();
        }

        TensorAssert.NoneIsLeftBehind(Step);
        Assert.InRange(loss, 0, 0.05);
    }

    private static bool IsUpToLayer2(string name) => name.Split('.')[0] is "conv1" or "bn1" or "layer1" or "layer2";

    // Weights and statistics of batch norm that are not those of the identity.
    private static void Stir(nn.Module model)
    {
        using var withoutGradients = no_grad();
        var seed = 100L;
        foreach (var (name, tensor) in model.state_dict())
        {
            if (tensor.dim() == 1 && !name.StartsWith("fc", StringComparison.Ordinal))
            {
                var noise = TensorAssert.Normal(seed++, tensor.shape).mul_(0.1);
                tensor.copy_(name.Split('.')[^1] is "weight" or "running_var" ? noise.add(1).abs() : noise);
            }
        }
    }
}
