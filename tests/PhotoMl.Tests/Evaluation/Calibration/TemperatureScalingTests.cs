using TorchSharp;

namespace PhotoMl.Tests.Evaluation;

public class TemperatureScalingTests
{
    [Theory]
    [InlineData(0.25)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(15)]
    public void Logits_that_were_multiplied_are_divided_again(double factor)
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = Draw(10_000, 5);
        var before = TemperatureScaling.Fit(logits, labels);
        Assert.InRange(before, 0.94, 1.06);
        Assert.Equal(before * factor, TemperatureScaling.Fit(logits * factor, labels), 6);
    }

    [Fact]
    public void No_other_temperature_has_a_lower_cross_entropy()
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = Draw(200, 3);
        logits = logits * 2.5;
        var best = TemperatureScaling.Fit(logits, labels);
        Assert.True(Loss(best) < Loss(best * 1.001) && Loss(best) < Loss(best / 1.001));

        double Loss(double temperature) => nn.functional.cross_entropy(logits / temperature, labels).item<double>();
    }

    [Fact]
    public void By_hand_the_temperature_of_two_thirds_right_makes_them_two_thirds_sure()
    {
        // 1 / (1 + exp(-3 / T)) = 2 / 3 where T = 3 / ln 2.
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 3.0, 0, 3, 0, 3, 0 }, [3, 2]);
        Assert.Equal(3 / Math.Log(2), TemperatureScaling.Fit(logits, tensor(new long[] { 0, 0, 1 })), 9);
    }

    [Fact]
    public void Images_that_are_all_right_or_all_wrong_tell_no_temperature()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 3.0, 0, 0, 2 }, [2, 2]);
        Assert.Equal(1, TemperatureScaling.Fit(logits, tensor(new long[] { 0, 1 })));
        Assert.Equal(1, TemperatureScaling.Fit(logits, tensor(new long[] { 1, 0 })));
    }

    [Fact]
    public void Probabilities_are_the_softmax_of_divided_logits()
    {
        using var scope = NewDisposeScope();
        var probabilities = TemperatureScaling.ToProbabilities(tensor(new[] { 2f, 0f }, [1, 2]), 2);
        Assert.Equal(1 / (1 + Math.Exp(-1)), probabilities[0, 0].item<double>(), 12);
    }

    [Fact]
    public void Fitting_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        var (logits, labels) = Draw(50, 3);
        TensorAssert.NoneIsLeftBehind(() => TemperatureScaling.Fit(logits, labels));
    }

    // Labels drawn from the softmax of the logits, so that their temperature is 1.
    private static (Tensor Logits, Tensor Labels) Draw(int count, int classes)
    {
        var random = new DeterministicRandom(7);
        var logits = new double[count * classes];
        var labels = new long[count];
        for (var i = 0; i < count; i++)
        {
            var weights = new double[classes];
            for (var c = 0; c < classes; c++)
            {
                logits[(i * classes) + c] = 2 * random.NextGaussian();
                weights[c] = Math.Exp(logits[(i * classes) + c]);
            }

            var drawn = random.NextDouble() * weights.Sum();
            while (labels[i] < classes - 1 && drawn > weights[labels[i]])
            {
                drawn -= weights[labels[i]++];
            }
        }

        return (tensor(logits, [count, classes]), tensor(labels));
    }
}
