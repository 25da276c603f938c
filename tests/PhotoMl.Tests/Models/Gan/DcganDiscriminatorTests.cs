namespace PhotoMl.Tests.Models;

public sealed class DcganDiscriminatorTests
{
    private const double Tolerance = 1e-5;

    // Fewer images go through torch's convolution, more through spectra.
    private const int FewImages = 5;
    private const int ManyImages = 24;

    // An activation that rounding takes across 0 gives a thousandth, and one or two of a million are that near.
    private const double GradientTolerance = 4e-3;

    public static TheoryData<int, int, int, int, int, long?, bool> Runs => new()
    {
        { 1, 28, 28, 0, FewImages, null, false },
        { 1, 28, 28, 0, ManyImages, 11, false },
        { 1, 28, 28, 10, ManyImages, null, false },
        { 3, 29, 31, 3, ManyImages, -12, false },
        { 3, 32, 40, 0, FewImages, 13, false },
        { 3, 64, 64, 3, 1, null, false },
        { 1, 28, 28, 10, FewImages, null, true },
        { 3, 29, 31, 3, ManyImages, -12, true },
    };

    [Fact]
    public void The_weights_have_the_names_and_layouts_of_PyTorch()
    {
        var options = new DcganOptions { Channels = 3, Height = 29, Width = 40, Classes = 2 };
        const int Features = 8 * 10 * 128; // a quarter of 29 and of 40, rounded up
        var expected = new Dictionary<string, long[]>
        {
            ["conv1.weight"] = [64, 3, 5, 5],
            ["conv1.bias"] = [64],
            ["conv2.weight"] = [128, 64, 5, 5],
            ["conv2.bias"] = [128],
            ["dense.weight"] = [1, Features],
            ["dense.bias"] = [1],
            ["classes.weight"] = [2, Features],
        };

        using var model = new DcganDiscriminator(options);
        Assert.Equal(expected, NetworkWeights.ShapesOf(model));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Logits_and_gradients_are_those_of_the_network_of_plain_operators(
        int channels, int height, int width, int classes, int count, long? dropoutSeed, bool isTwiceDifferentiable)
    {
        using var scope = NewDisposeScope();
        using var model = Create(channels, height, width, classes);
        var (images, labels) = Inputs(model.Options, count);
        var exactImages = images.to(ScalarType.Float64).requires_grad_();
        images.requires_grad_();
        var push = TensorAssert.Normal(4, count); // the loss's gradient by the logits
        var plain = PlainDcgan.Weights(model);
        var expected = PlainDcgan.Discriminate(plain, exactImages, labels, dropoutSeed);
        var actual = model.Discriminate(images, labels, dropoutSeed, isTwiceDifferentiable);

        TensorAssert.Close(expected, actual, 0, Tolerance);
        Assert.Equal(ScalarType.Float32, actual.dtype);
        (expected * push).sum().backward();
        (actual * push).sum().backward();
        TensorAssert.CloseInNorm(exactImages.grad!, images.grad!, GradientTolerance);
        foreach (var (name, parameter) in model.named_parameters())
        {
            TensorAssert.CloseInNorm(plain[name].grad!, parameter.grad!, GradientTolerance, name);
        }
    }

    [Fact]
    public void In_bfloat16_logits_and_gradients_are_close_to_those_of_plain_operators()
    {
        using var scope = NewDisposeScope();
        using var model = Create(1, 29, 31, 3);
        var (images, labels) = Inputs(model.Options, FewImages);
        var plain = PlainDcgan.Weights(model);
        var expected = PlainDcgan.Discriminate(plain, images.to(ScalarType.Float64), labels, 7);
        model.Precision = Precision.BFloat16;
        var actual = model.Discriminate(images, labels, 7);

        Assert.Equal(ScalarType.Float32, actual.dtype);
        TensorAssert.Close(expected, actual, 0, 0.02);
        Assert.True((expected - actual).abs().max().item<double>() > 1e-4, "These are the logits of float32.");

        expected.square().mean().backward();
        actual.square().mean().backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.Equal(ScalarType.Float32, parameter.grad!.dtype);
            TensorAssert.CloseInNorm(plain[name].grad!, parameter.grad!, 0.05, name);
        }
    }

    [Fact]
    public void What_is_dropped_depends_on_the_seed_alone_and_without_one_nothing_is()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var model = Create(1, 28, 28, 0);
        var (images, _) = Inputs(model.Options, FewImages);
        var none = model.Discriminate(images, null, dropoutSeed: null);
        manual_seed(1);
        var first = model.Discriminate(images, null, dropoutSeed: 3);
        manual_seed(2);
        var again = model.Discriminate(images, null, dropoutSeed: 3);

        TensorAssert.Equal(first, again);
        TensorAssert.Equal(none, model.forward(images));
        Assert.All(
            new[] { model.Discriminate(images, null, dropoutSeed: 4), none },
            other => Assert.True((other - first).abs().max().item<float>() > 0.01));
    }

    [Fact]
    public void The_gradient_of_the_images_gradient_is_that_of_plain_operators()
    {
        using var scope = NewDisposeScope();
        using var model = Create(1, 28, 28, 3);
        var (images, labels) = Inputs(model.Options, FewImages);
        var plain = PlainDcgan.Weights(model);
        var exactImages = images.to(ScalarType.Float64).requires_grad_();
        images.requires_grad_();

        Penalty(PlainDcgan.Discriminate(plain, exactImages, labels, 5), exactImages).backward();
        Penalty(model.Discriminate(images, labels, 5, isTwiceDifferentiable: true), images).backward();

        foreach (var name in new[] { "conv1.weight", "conv2.weight", "dense.weight", "classes.weight" })
        {
            TensorAssert.CloseInNorm(plain[name].grad!, model.get_parameter(name)!.grad!, GradientTolerance, name);
        }

        static Tensor Penalty(Tensor logits, Tensor images) =>
            autograd.grad([logits.sum()], [images], retain_graph: true, create_graph: true)[0].square().sum();
    }

    [Theory]
    [InlineData(Precision.Float32, FewImages)]
    [InlineData(Precision.Float32, ManyImages)]
    [InlineData(Precision.BFloat16, FewImages)]
    public void Frozen_weights_get_no_gradient_while_the_images_do(Precision precision, int count)
    {
        using var scope = NewDisposeScope();
        using var model = Create(1, 28, 28, 3);
        model.Precision = precision;
        var (images, labels) = Inputs(model.Options, count);
        images.requires_grad_();
        model.Discriminate(images, labels, 3).sum().backward();
        var expected = images.grad!.clone();
        images.grad!.zero_();
        model.zero_grad();
        foreach (var parameter in model.parameters())
        {
            parameter.requires_grad = false;
        }

        model.Discriminate(images, labels, 3).sum().backward();

        TensorAssert.Close(expected, images.grad!, 0, Tolerance);
        Assert.True(expected.abs().max().item<float>() > 0);
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Theory]
    [InlineData(Precision.Float32, FewImages, false)]
    [InlineData(Precision.Float32, ManyImages, false)]
    [InlineData(Precision.Float32, FewImages, true)]
    [InlineData(Precision.BFloat16, FewImages, false)]
    public void No_tensor_is_left_behind(Precision precision, int count, bool isTwiceDifferentiable)
    {
        using var scope = NewDisposeScope();
        using var model = Create(1, 28, 28, 3);
        model.Precision = precision;
        var (images, labels) = Inputs(model.Options, count);
        var push = ones(count);

        TensorAssert.NoneIsLeftBehind(() =>
        {
            using (NewDisposeScope()) // a training step's, for autograd hands out gradients that nobody owns
            {
                model.Discriminate(images, labels, 3, isTwiceDifferentiable).backward(grad_tensors: [push]);
                model.zero_grad();
            }

            using var withoutGradients = no_grad();
            model.Discriminate(images, labels, null).Dispose();
            Assert.Throws<ArgumentException>(() => model.Discriminate(images, null, null));
        });
    }

    private static DcganDiscriminator Create(int channels, int height, int width, int classes)
    {
        // Biases that differ, so that none can be taken for another or left out.
        var options = new DcganOptions { Channels = channels, Height = height, Width = width, Classes = classes };
        var model = new DcganDiscriminator(options, seed: 5);
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        foreach (var (_, parameter) in model.named_parameters().Where(entry => entry.name.EndsWith("bias", StringComparison.Ordinal)))
        {
            parameter.add_(TensorAssert.Normal(9, parameter.shape).mul_(0.1));
        }

        return model;
    }

    private static (Tensor Images, Tensor? Labels) Inputs(DcganOptions options, int count) => (
        TensorAssert.Normal(2, count, options.Channels, options.Height, options.Width).tanh(),
        options.Classes == 0 ? null : arange(count, ScalarType.Int64).mul(7).remainder(options.Classes));
}
