namespace PhotoMl.Tests.Training;

/// <summary>Losses of the logits 2 and -1 of real images, and 0.5 and -3 of generated ones, worked out by hand.</summary>
public sealed class AdversarialLossTests
{
    private static readonly float[] Real = [2, -1];
    private static readonly float[] Generated = [0.5f, -3];

    // softplus: -2: 0.126928, -1: 0.313262, 0.5: 0.974077, -0.5: 0.474077, 1: 1.313262, 2: 2.126928, 3: 3.048587, -3: 0.048587
    [Theory]
    [InlineData(GanLossKind.NonSaturating, 0, ((0.126928011 + 1.313261688) / 2) + ((0.974076984 + 0.048587352) / 2))]
    [InlineData(GanLossKind.NonSaturating, 0.1, ((2.126928011 - (0.9 * 2) + 0.313261688 + 0.9) / 2) + ((0.974076984 + 0.048587352) / 2))]
    [InlineData(GanLossKind.Minimax, 0, 1.2314270175)]
    [InlineData(GanLossKind.Minimax, 0.1, 1.2814270175)]
    [InlineData(GanLossKind.LeastSquares, 0, (((1 + 4) / 2.0) + ((0.25 + 9) / 2)) / 2)]
    [InlineData(GanLossKind.LeastSquares, 0.1, (((1.21 + 3.61) / 2) + ((0.25 + 9) / 2)) / 2)]
    [InlineData(GanLossKind.WganGp, 0, -1.25 - 0.5)]
    [InlineData(GanLossKind.Hinge, 0, ((0 + 2) / 2.0) + ((1.5 + 0) / 2))]
    public void The_discriminators_loss_is_the_one_worked_out_by_hand(GanLossKind kind, double labelSmoothing, double expected)
    {
        using var scope = NewDisposeScope();
        var loss = AdversarialLoss.OfDiscriminator(kind, tensor(Real), tensor(Generated), labelSmoothing);

        Assert.Empty(loss.shape);
        Assert.Equal(expected, loss.item<float>(), 5);
    }

    [Theory]
    [InlineData(GanLossKind.NonSaturating, (0.474076984 + 3.048587352) / 2)]
    [InlineData(GanLossKind.Minimax, -(0.974076984 + 0.048587352) / 2)]
    [InlineData(GanLossKind.LeastSquares, (0.25 + 16) / 2 / 2)]
    [InlineData(GanLossKind.WganGp, 1.25)]
    [InlineData(GanLossKind.Hinge, 1.25)]
    public void The_generators_loss_is_the_one_worked_out_by_hand(GanLossKind kind, double expected)
    {
        using var scope = NewDisposeScope();
        var loss = AdversarialLoss.OfGenerator(kind, tensor(Generated));

        Assert.Empty(loss.shape);
        Assert.Equal(expected, loss.item<float>(), 5);
    }

    [Fact]
    public void As_many_real_images_as_generated_ones_are_not_needed()
    {
        using var scope = NewDisposeScope();

        var loss = AdversarialLoss.OfDiscriminator(GanLossKind.Hinge, tensor(new float[] { 2, -1, 0 }), tensor(new float[] { 3 }));
        Assert.Equal((0 + 2 + 1) / 3.0 + 4, loss.item<float>(), 5);
    }

    [Theory]
    [EnumData<GanLossKind>]
    public void Logits_of_a_thousand_give_finite_losses_and_gradients(GanLossKind kind)
    {
        using var scope = NewDisposeScope();
        foreach (var sign in new[] { 1, -1 })
        {
            var real = tensor(new float[] { 1000 * sign }, requires_grad: true);
            var generated = tensor(new float[] { 1000 * sign }, requires_grad: true);
            var losses = AdversarialLoss.OfDiscriminator(kind, real, generated, labelSmoothing: 0.1)
                .add(AdversarialLoss.OfGenerator(kind, generated));
            losses.backward();

            Assert.True(float.IsFinite(losses.item<float>()));
            Assert.True(float.IsFinite(real.grad!.item<float>()));
            Assert.True(float.IsFinite(generated.grad!.item<float>()));
        }
    }

    [Fact]
    public void What_cross_entropy_makes_of_a_thousand_is_not_cut_off()
    {
        using var scope = NewDisposeScope();
        var far = tensor(new float[] { -1000, 1000 });

        Assert.Equal(500 + 500, AdversarialLoss.OfDiscriminator(GanLossKind.NonSaturating, far, far).item<float>());
        Assert.Equal(500, AdversarialLoss.OfGenerator(GanLossKind.NonSaturating, far).item<float>());
        Assert.Equal(-500, AdversarialLoss.OfGenerator(GanLossKind.Minimax, far).item<float>());
    }

    [Theory]
    [EnumData<GanLossKind>]
    public void The_gradient_by_each_generated_logit_is_the_one_worked_out_by_hand(GanLossKind kind)
    {
        using var scope = NewDisposeScope();
        var generated = tensor(Generated, requires_grad: true);
        AdversarialLoss.OfGenerator(kind, generated).backward();

        AssertGradient(generated, logit => kind switch
        {
            GanLossKind.NonSaturating => -Sigmoid(-logit), // strong where the discriminator is sure
            GanLossKind.Minimax => -Sigmoid(logit), // vanishes there
            GanLossKind.LeastSquares => logit - 1,
            _ => -1,
        });
    }

    [Theory]
    [InlineData(GanLossKind.NonSaturating, 0)]
    [InlineData(GanLossKind.NonSaturating, 0.1)]
    [InlineData(GanLossKind.Minimax, 0.1)]
    [InlineData(GanLossKind.LeastSquares, 0)]
    [InlineData(GanLossKind.LeastSquares, 0.1)]
    [InlineData(GanLossKind.WganGp, 0)]
    [InlineData(GanLossKind.Hinge, 0)]
    public void The_discriminators_gradients_are_those_worked_out_by_hand(GanLossKind kind, double labelSmoothing)
    {
        using var scope = NewDisposeScope();
        var (real, generated) = (tensor(Real, requires_grad: true), tensor(Generated, requires_grad: true));
        AdversarialLoss.OfDiscriminator(kind, real, generated, labelSmoothing).backward();

        var target = 1 - labelSmoothing;
        AssertGradient(real, logit => kind switch
        {
            GanLossKind.NonSaturating or GanLossKind.Minimax => Sigmoid(logit) - target,
            GanLossKind.LeastSquares => logit - target,
            GanLossKind.Hinge => logit < 1 ? -1 : 0,
            _ => -1,
        });
        AssertGradient(generated, logit => kind switch
        {
            GanLossKind.NonSaturating or GanLossKind.Minimax => Sigmoid(logit),
            GanLossKind.LeastSquares => logit,
            GanLossKind.Hinge => logit > -1 ? 1 : 0,
            _ => 1,
        });
    }

    [Fact]
    public void Only_cross_entropy_reads_logits_as_those_of_a_probability() => Assert.Equal(
        [GanLossKind.NonSaturating, GanLossKind.Minimax], Enum.GetValues<GanLossKind>().Where(AdversarialLoss.IsOfProbabilities));

    [Fact]
    public void A_loss_nobody_knows_is_refused()
    {
        using var logits = zeros(2);

        ExceptionAssert.Throws<ArgumentException>("no loss 17", () => AdversarialLoss.OfDiscriminator((GanLossKind)17, logits, logits));
        ExceptionAssert.Throws<ArgumentException>("no loss 17", () => AdversarialLoss.OfGenerator((GanLossKind)17, logits));
        Assert.Throws<ArgumentNullException>(() => AdversarialLoss.OfGenerator(GanLossKind.Hinge, null!));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var logits = zeros(2);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            foreach (var kind in Enum.GetValues<GanLossKind>())
            {
                AdversarialLoss.OfDiscriminator(kind, logits, logits, labelSmoothing: 0.1).Dispose();
                AdversarialLoss.OfGenerator(kind, logits).Dispose();
            }
        });
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    // Losses are means of two logits.
    private static void AssertGradient(Tensor logits, Func<double, double> twice)
    {
        var gradient = logits.grad!.data<float>().ToArray();
        Assert.All(logits.detach().data<float>().ToArray().Index(), logit => Assert.Equal(twice(logit.Item) / 2, gradient[logit.Index], 5));
    }
}
