namespace PhotoMl.Tests.Models;

public sealed class DcganGeneratorTests
{
    private const double Tolerance = 1e-5;

    // Fewer images go through torch's convolutions, more through spectra.
    private const int FewImages = 5;
    private const int ManyImages = 24;

    // An activation that rounding takes across 0 gives a thousandth, and one or two of a million are that near.
    private const double GradientTolerance = 4e-3;

    public static TheoryData<int, int, int, int, int, bool> Runs => new()
    {
        { 1, 28, 28, 0, FewImages, true },
        { 1, 28, 28, 10, ManyImages, true },
        { 3, 29, 31, 3, ManyImages, true },
        { 3, 32, 40, 0, FewImages, false },
        { 1, 28, 28, 10, ManyImages, false },
        { 3, 64, 64, 0, 1, false },
    };

    [Fact]
    public void The_weights_have_the_names_and_layouts_of_PyTorch()
    {
        var options = new DcganOptions { Channels = 3, Height = 29, Width = 40, Latent = 7, Classes = 2 };
        const int Features = 8 * 10 * 256; // a quarter of 29 and of 40, rounded up
        var expected = new Dictionary<string, long[]>
        {
            ["dense.weight"] = [Features, 9],
            ["norm1.weight"] = [Features],
            ["norm1.bias"] = [Features],
            ["norm1.running_mean"] = [Features],
            ["norm1.running_var"] = [Features],
            ["norm1.num_batches_tracked"] = [],
            ["conv1.weight"] = [256, 128, 5, 5],
            ["norm2.weight"] = [128],
            ["norm2.bias"] = [128],
            ["norm2.running_mean"] = [128],
            ["norm2.running_var"] = [128],
            ["norm2.num_batches_tracked"] = [],
            ["conv2.weight"] = [128, 64, 5, 5],
            ["norm3.weight"] = [64],
            ["norm3.bias"] = [64],
            ["norm3.running_mean"] = [64],
            ["norm3.running_var"] = [64],
            ["norm3.num_batches_tracked"] = [],
            ["conv3.weight"] = [64, 3, 5, 5],
        };

        using var model = new DcganGenerator(options);
        Assert.Equal(expected, NetworkWeights.ShapesOf(model));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Pictures_statistics_and_gradients_are_those_of_the_network_of_plain_operators(
        int channels, int height, int width, int classes, int count, bool training)
    {
        using var scope = NewDisposeScope();
        using var model = Create(channels, height, width, classes);
        model.train(training);
        var (latents, labels) = Inputs(model.Options, count);
        var plain = PlainDcgan.Weights(model);
        var push = TensorAssert.Normal(4, count, channels, height, width); // the loss's gradient by the images
        var expected = PlainDcgan.Generate(plain, latents.to(ScalarType.Float64), labels, model.Options, training);
        var actual = model.Generate(latents, labels);

        TensorAssert.Close(expected, actual, 0, Tolerance);
        Assert.Equal([count, channels, height, width], actual.shape);
        Assert.Equal(ScalarType.Float32, actual.dtype);
        Assert.InRange(actual.min().item<float>(), -1, -0.3f);
        Assert.InRange(actual.max().item<float>(), 0.3f, 1);
        foreach (var (name, buffer) in model.named_buffers().Where(buffer => buffer.buffer.is_floating_point()))
        {
            TensorAssert.Close(plain[name], buffer, 0, Tolerance);
        }

        (expected * push).sum().backward();
        (actual * push).sum().backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            TensorAssert.CloseInNorm(plain[name].grad!, parameter.grad!, GradientTolerance, name);
        }
    }

    [Fact]
    public void Training_moves_the_running_statistics_by_a_hundredth_and_evaluation_leaves_them()
    {
        using var scope = NewDisposeScope();
        using var model = new DcganGenerator(new DcganOptions { Latent = 3 });
        var (mean, variance) = (model.get_buffer("norm1.running_mean")!, model.get_buffer("norm1.running_var")!);
        var latents = TensorAssert.Normal(6, 4, 3);
        var activations = nn.functional.linear(latents, model.get_parameter("dense.weight")!.detach());

        model.eval();
        model.Generate(latents, null);
        Assert.Equal(0, mean.abs().max().item<float>());

        model.train();
        model.Generate(latents, null);
        TensorAssert.Close(activations.mean([0L]) * 0.01, mean, 1e-4, 1e-5);
        TensorAssert.Close((activations.var(0) * 0.01) + 0.99, variance, 1e-5, 0);
    }

    [Fact]
    public void In_bfloat16_pictures_and_gradients_are_close_to_those_of_plain_operators()
    {
        using var scope = NewDisposeScope();
        using var model = Create(1, 29, 31, 3);
        var (latents, labels) = Inputs(model.Options, FewImages);
        var plain = PlainDcgan.Weights(model);
        var expected = PlainDcgan.Generate(plain, latents.to(ScalarType.Float64), labels, model.Options, training: false);
        model.Precision = Precision.BFloat16;
        var actual = model.Generate(latents, labels);

        Assert.Equal(ScalarType.Float32, actual.dtype);
        TensorAssert.Close(expected, actual, 0, 0.03);
        Assert.True((expected - actual).abs().max().item<double>() > 1e-4, "These are the pictures of float32.");

        expected.square().mean().backward();
        actual.square().mean().backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.Equal(ScalarType.Float32, parameter.grad!.dtype);
            TensorAssert.CloseInNorm(plain[name].grad!, parameter.grad!, 0.08, name); // 0.057 where the processor emulates bfloat16
        }
    }

    [Theory]
    [InlineData(Precision.Float32, FewImages)]
    [InlineData(Precision.Float32, ManyImages)]
    [InlineData(Precision.BFloat16, 2)]
    public void No_tensor_is_left_behind(Precision precision, int count)
    {
        using var scope = NewDisposeScope();
        using var model = new DcganGenerator(new DcganOptions { Latent = 2, Classes = 3 }) { Precision = precision };
        var (latents, labels) = Inputs(model.Options, count);
        var push = ones(count, 1, 28, 28);

        TensorAssert.NoneIsLeftBehind(() =>
        {
            using (NewDisposeScope()) // a training step's, for autograd hands out gradients that nobody owns
            {
                model.train();
                model.Generate(latents, labels).backward(grad_tensors: [push]);
                model.zero_grad();
            }

            model.eval();
            using var withoutGradients = no_grad();
            model.Generate(latents, labels).Dispose();
            Assert.Throws<ArgumentException>(() => model.Generate(latents, null));
        });
    }

    private static DcganGenerator Create(int channels, int height, int width, int classes)
    {
        // Weights of norms that differ, so that none can be taken for another.
        var options = new DcganOptions { Channels = channels, Height = height, Width = width, Latent = 20, Classes = classes };
        var model = Generators.Create(options, seed: 5);
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        foreach (var (name, parameter) in model.named_parameters().Where(entry => entry.name.StartsWith("norm", StringComparison.Ordinal)))
        {
            parameter.add_(TensorAssert.Normal(name.Length, parameter.shape).mul_(0.1));
        }

        return model;
    }

    private static (Tensor Latents, Tensor? Labels) Inputs(DcganOptions options, int count) => (
        TensorAssert.Normal(2, count, options.Latent),
        options.Classes == 0 ? null : arange(count, ScalarType.Int64).mul(7).remainder(options.Classes));
}
