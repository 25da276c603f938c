namespace PhotoMl.Tests.Models;

/// <summary>What holds for each of the four networks.</summary>
public sealed class NetworkTests
{
    private static readonly ClassifierOptions Photos = new() { Architecture = ClassifierArchitecture.ResNet18, Height = 32, Width = 32 };

    private static readonly Dictionary<string, Func<long, nn.Module>> Networks = new()
    {
        ["convnet"] = seed => new ConvClassifier(seed: seed),
        ["resnet18"] = seed => new ResNet18Classifier(Photos, seed),
        ["generator"] = seed => new DcganGenerator(new DcganOptions { Classes = 10 }, seed),
        ["discriminator"] = seed => new DcganDiscriminator(new DcganOptions { Classes = 10 }, seed),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    // 25 weights a pair of channels, two for each channel of a batch norm, 7 * 7 * 256 columns and a vector of 7 * 7 * 128 a class.
    [Theory]
    [InlineData("convnet", 93_322)]
    [InlineData("generator", ((110 + 2) * 12_544) + (25 * 256 * 128) + (2 * 128) + (25 * 128 * 64) + (2 * 64) + (25 * 64))]
    [InlineData("discriminator", (25 * 64) + 64 + (25 * 64 * 128) + 128 + (7 * 7 * 128) + 1 + (10 * 7 * 7 * 128))]
    public void A_network_for_MNIST_has_as_many_parameters_as_its_description(string network, long expected)
    {
        using var model = Networks[network](1);

        Assert.Equal(expected, model.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others(string network)
    {
        manual_seed(1);
        using var first = Networks[network](7);
        manual_seed(2);
        using var again = Networks[network](7);
        using var other = Networks[network](8);

        Assert.Equal(WeightBytes.Of(first), WeightBytes.Of(again));
        Assert.NotEqual(WeightBytes.Of(first), WeightBytes.Of(other));
    }

    [Theory]
    [InlineData("convnet", "conv1", 9 * (1 + 32))]
    [InlineData("convnet", "conv2", 9 * (32 + 64))]
    [InlineData("convnet", "conv3", 9 * (64 + 64))]
    [InlineData("convnet", "dense1", 576 + 64)]
    [InlineData("convnet", "dense2", 64 + 10)]
    [InlineData("generator", "dense", 110 + 12_544)]
    [InlineData("generator", "conv1", 25 * (256 + 128))]
    [InlineData("generator", "conv2", 25 * (128 + 64))]
    [InlineData("generator", "conv3", 25 * (64 + 1))]
    [InlineData("discriminator", "conv1", 25 * (1 + 64))]
    [InlineData("discriminator", "conv2", 25 * (64 + 128))]
    [InlineData("discriminator", "dense", 6272 + 1)]
    [InlineData("discriminator", "classes", 6272 + 10)]
    public void Weights_start_uniform_within_the_limit_of_Glorot_and_biases_at_zero(string network, string layer, int fans)
    {
        using var scope = NewDisposeScope();
        using var model = Networks[network](1);
        var limit = (float)Math.Sqrt(6.0 / fans);
        var weight = model.get_parameter($"{layer}.weight")!.detach();

        Assert.InRange(weight.max().item<float>(), 0.95 * limit, limit);
        Assert.InRange(weight.min().item<float>(), -limit, -0.95 * limit);
        Assert.InRange(weight.std().item<float>(), 0.9 * limit / Math.Sqrt(3), 1.1 * limit / Math.Sqrt(3));
        var hasBias = network == "convnet" || (network == "discriminator" && layer != "classes");
        Assert.Equal(hasBias ? 0 : null, model.get_parameter($"{layer}.bias")?.detach().abs().max().item<float>());
    }

    [Fact]
    public void The_norms_of_a_generator_start_as_the_identity()
    {
        using var scope = NewDisposeScope();
        using var model = new DcganGenerator();
        var weights = model.state_dict();
        foreach (var norm in new[] { "norm1", "norm2", "norm3" })
        {
            foreach (var (part, expected) in new[] { ("weight", 1f), ("bias", 0f), ("running_mean", 0f), ("running_var", 1f) })
            {
                Assert.True(weights[$"{norm}.{part}"].eq(expected).all().item<bool>());
            }
        }
    }

    [Theory]
    [InlineData("convnet", "images (N, 1, 28, 28)", ScalarType.Float32, 2, 1, 28, 27)]
    [InlineData("convnet", "images (N, 1, 28, 28)", ScalarType.Float32, 2, 3, 28, 28)]
    [InlineData("convnet", "images (N, 1, 28, 28)", ScalarType.Float32, 1, 28, 28)]
    [InlineData("convnet", "images (N, 1, 28, 28)", ScalarType.Byte, 2, 1, 28, 28)]
    [InlineData("convnet", "images (N, 1, 28, 28)", ScalarType.Float64, 2, 1, 28, 28)]
    [InlineData("resnet18", "images (N, 1, at least 32, at least 32)", ScalarType.Float32, 1, 1, 64, 31)]
    [InlineData("discriminator", "images (N, 1, 28, 28)", ScalarType.Float32, 2, 1, 28, 27)]
    [InlineData("discriminator", "images (N, 1, 28, 28)", ScalarType.Float32, 2, 3, 28, 28)]
    [InlineData("discriminator", "images (N, 1, 28, 28)", ScalarType.Float32, 1, 28, 28)]
    [InlineData("discriminator", "images (N, 1, 28, 28)", ScalarType.Byte, 2, 1, 28, 28)]
    [InlineData("generator", "latents (N, 100)", ScalarType.Float32, 2, 99)]
    [InlineData("generator", "latents (N, 100)", ScalarType.Float32, 100)]
    [InlineData("generator", "latents (N, 100)", ScalarType.Float32, 2, 100, 1, 1)]
    [InlineData("generator", "latents (N, 100)", ScalarType.Float64, 2, 100)]
    [InlineData("generator", "latents of at least 2 pictures", ScalarType.Float32, 0, 100)]
    [InlineData("generator", "latents of at least 2 pictures", ScalarType.Float32, 1, 100)]
    public void Inputs_of_another_shape_or_dtype_are_refused_with_both_named(
        string network, string expected, ScalarType type, params int[] shape)
    {
        using var scope = NewDisposeScope();
        using var model = (nn.Module<Tensor, Tensor>)Networks[network](1);

        var exception = Assert.Throws<ArgumentException>(() => model.forward(zeros([.. shape.Select(size => (long)size)], type)));

        Assert.Contains($"Expected {expected}", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"but got ({string.Join(", ", shape)}) of {type}", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => model.forward(null!));
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        using var plain = new DcganGenerator(new DcganOptions { Latent = 2 });
        using var conditional = new DcganGenerator(new DcganOptions { Latent = 2, Classes = 3 });
        using var plainDiscriminator = new DcganDiscriminator();
        using var conditionalDiscriminator = new DcganDiscriminator(new DcganOptions { Classes = 3 });
        var (latents, images) = (zeros(2, 2), zeros(2, 1, 28, 28));

        Refused(isConditional: false, zeros(2, ScalarType.Int64), "Expected no labels");
        Refused(isConditional: true, null, "Expected labels of 3 classes but got none");
        Refused(isConditional: true, zeros(3, ScalarType.Int64), "Expected labels (2) of Int64 but got (3) of Int64");
        Refused(isConditional: true, zeros([2, 1], ScalarType.Int64), "Expected labels (2) of Int64 but got (2, 1) of Int64");
        Refused(isConditional: true, zeros(2, ScalarType.Int32), "Expected labels (2) of Int64 but got (2) of Int32");
        Refused(isConditional: true, tensor(new long[] { 0, 3 }), "Expected labels from 0 to 2 but got 3");
        Refused(isConditional: true, tensor(new long[] { -1, 2 }), "Expected labels from 0 to 2 but got -1");
        Refused(isConditional: true, tensor(new[] { long.MaxValue, long.MinValue }), $"but got {long.MinValue}");

        void Refused(bool isConditional, Tensor? labels, string expected)
        {
            var (generator, discriminator) = isConditional ? (conditional, conditionalDiscriminator) : (plain, plainDiscriminator);
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => generator.Generate(latents, labels)).Message);
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => discriminator.Discriminate(images, labels, null)).Message);
        }
    }
}
