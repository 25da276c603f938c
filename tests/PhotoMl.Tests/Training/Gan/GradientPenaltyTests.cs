namespace PhotoMl.Tests.Training;

public sealed class GradientPenaltyTests : IDisposable
{
    private const long DropoutSeed = 5;
    private const int Count = 6;

    private readonly Tensor _real = TensorAssert.Normal(1, Count, 1, 28, 28).tanh_();
    private readonly Tensor _generated = TensorAssert.Normal(2, Count, 1, 28, 28).tanh_();
    private readonly Tensor _labels = arange(Count, ScalarType.Int64).remainder(3);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void It_is_the_mean_squared_distance_of_the_slopes_from_1(int classes)
    {
        using var scope = NewDisposeScope();
        using var discriminator = new DcganDiscriminator(new DcganOptions { Classes = classes });
        var labels = classes > 0 ? _labels : null;

        var expected = Slopes(discriminator, labels).Average(slope => (slope - 1) * (slope - 1));
        Assert.Equal(expected, Penalty(discriminator, labels).item<float>(), tolerance: 1e-4);
    }

    [Fact]
    public void A_flat_critic_is_charged_1_and_its_gradients_are_numbers()
    {
        using var scope = NewDisposeScope();
        using var discriminator = new DcganDiscriminator();
        GanRuns.Fill(discriminator, "dense.weight", 0);
        var penalty = Penalty(discriminator, labels: null);
        penalty.backward();

        Assert.Equal(1, penalty.item<float>(), 5);
        Assert.True(discriminator.get_parameter("dense.weight")!.grad!.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData("conv1.weight")]
    [InlineData("conv2.weight")]
    [InlineData("dense.weight")]
    public void Its_derivative_by_the_size_of_a_weight_is_the_one_worked_out_by_hand(string name)
    {
        // Without biases the critic's slopes s are in proportion to each layer's weights W, so d/dk mean((k s - 1)^2) at k = 1 is 2
        // mean(s^2) - 2 mean(s).
        using var scope = NewDisposeScope();
        using var discriminator = new DcganDiscriminator();
        var slopes = Slopes(discriminator, labels: null);
        discriminator.zero_grad();
        Penalty(discriminator, labels: null).backward();
        var weight = discriminator.get_parameter(name)!;
        var derivative = (weight.detach() * weight.grad!).sum().item<float>();
        var expected = (2 * slopes.Average(slope => slope * slope)) - (2 * slopes.Average());

        Assert.InRange(Math.Abs(expected), 0.01, 100);
        Assert.InRange(derivative, expected - (1e-3 * Math.Abs(expected)), expected + (1e-3 * Math.Abs(expected)));
    }

    [Fact]
    public void A_conditional_critic_is_judged_with_the_classes_of_the_images()
    {
        using var scope = NewDisposeScope();
        using var discriminator = new DcganDiscriminator(new DcganOptions { Classes = 3 });
        var penalty = Penalty(discriminator, _labels);
        penalty.backward();

        Assert.NotEqual(penalty.item<float>(), Penalty(discriminator, zeros_like(_labels)).item<float>());
        var gradient = discriminator.get_parameter("classes.weight")!.grad!;
        Assert.True(gradient.isfinite().all().item<bool>());
        Assert.All(Enumerable.Range(0, 3), label => Assert.True(gradient[label].abs().max().item<float>() > 0));
    }

    [Fact]
    public void Images_are_left_alone_and_no_tensor_is_left_behind()
    {
        using var discriminator = new DcganDiscriminator();
        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var scope = NewDisposeScope();
            Penalty(discriminator, labels: null).backward();
            discriminator.zero_grad();
        });

        Assert.False(_real.requires_grad || _generated.requires_grad);
    }

    public void Dispose()
    {
        _real.Dispose();
        _generated.Dispose();
        _labels.Dispose();
    }

    private Tensor Penalty(DcganDiscriminator discriminator, Tensor? labels) =>
        GradientPenalty.Of(discriminator, _real, _generated, labels, DropoutSeed, new DeterministicRandom(7));

    // By the faster kernels, whose gradients are known to be right but cannot be differentiated.
    private double[] Slopes(DcganDiscriminator discriminator, Tensor? labels)
    {
        var random = new DeterministicRandom(7);
        var shares = tensor(Enumerable.Range(0, Count).Select(_ => (float)random.NextDouble()).ToArray(), [Count, 1, 1, 1]);
        var between = (_real * shares + _generated * (1 - shares)).detach().requires_grad_();
        discriminator.Discriminate(between, labels, DropoutSeed).sum().backward();
        return [.. between.grad!.flatten(1).norm(1).data<float>().ToArray().Select(slope => (double)slope)];
    }
}
