using PhotoMl.Kernels;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Kernels;

public sealed class LeakyDropoutTests
{
    private const double Slope = 0.3;
    private const double BFloat16Rounding = 1.0 / 256;

    public static TheoryData<int, int, int, int, ScalarType, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, ScalarType, int>();
            foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    cases.Add(1, 16, 1, 1, type, threads);
                    cases.Add(7, 64, 14, 14, type, threads);
                    cases.Add(3, 48, 5, 7, type, threads);
                    cases.Add(2, 20, 3, 5, type, threads); // channels the kernel cannot take
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Kept_activations_and_gradients_are_those_of_leaky_relu_scaled(int batch, int channels, int height, int width, ScalarType type, int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var values = TensorAssert.Normal(1, batch, channels, height, width).to(type);
        var upstream = TensorAssert.Normal(2, batch, channels, height, width).to(type);
        var mask = new DropoutMask(0.3, 9).ToTensor(batch, height, width, channels).permute(0, 3, 1, 2);

        var (expected, expectedGradient) = Run(
            values.to(ScalarType.Float32), upstream.to(ScalarType.Float32), x => nn.functional.leaky_relu(x, Slope) * mask / 0.7f);
        var (actual, actualGradient) = Run(values, upstream, x => LeakyDropout.Apply(x, Slope, 0.3, 9));

        Assert.Equal(type, actual.dtype);
        Assert.Equal(type, actualGradient.dtype);
        var rounding = type == ScalarType.BFloat16 ? BFloat16Rounding : 3e-7;
        TensorAssert.Close(expected, actual, rounding, 0);
        TensorAssert.Close(expectedGradient, actualGradient, rounding, 0);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Dropping_nothing_leaves_the_leaky_relu_of_torch(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = TensorAssert.Normal(3, 4, 32, 9, 7).to(type);
        values[0, .., 0, 0] = tensor(new[] { 0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1, -1, 1e-30f }).repeat(4).to(type);
        var upstream = TensorAssert.Normal(4, 4, 32, 9, 7).to(type);

        var (expected, expectedGradient) = Run(values, upstream, x => nn.functional.leaky_relu(x, Slope));
        var (actual, actualGradient) = Run(values, upstream, x => LeakyDropout.Apply(x, Slope, 0, 9));

        TensorAssert.Equal(expected, actual);
        TensorAssert.Equal(expectedGradient, actualGradient);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void The_share_dropped_is_the_rate_and_the_mean_stays(double rate)
    {
        using var scope = NewDisposeScope();
        const int Elements = 64 * 64 * 14 * 14;
        for (var seed = 0; seed < 5; seed++)
        {
            var output = LeakyDropout.Apply(ones(64, 64, 14, 14), Slope, rate, seed);

            var deviation = Math.Sqrt(rate * (1 - rate) / Elements);
            Assert.InRange(output.eq(0).to(ScalarType.Float64).mean().item<double>(), rate - (4 * deviation), rate + (4 * deviation));
            Assert.InRange(output.mean([0, 1, 2, 3], type: ScalarType.Float64).item<double>(), 1 - (4 * deviation / (1 - rate)), 1 + (4 * deviation / (1 - rate)));
        }
    }

    [Theory]
    [InlineData(1)] // the next channel
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)] // the next pixel
    [InlineData(64 * 14)] // the next row
    [InlineData(64 * 14 * 14)] // the next image
    public void What_happens_to_one_element_says_nothing_about_another(int distance)
    {
        using var scope = NewDisposeScope();
        var kept = Kept(11);
        AssertUncorrelated(kept.narrow(0, 0, kept.numel() - distance), kept.narrow(0, distance, kept.numel() - distance));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0, -1)]
    [InlineData(5, 5 + (1L << 32))]
    [InlineData(long.MinValue, long.MaxValue)]
    public void What_one_seed_drops_says_nothing_about_another(long one, long other)
    {
        using var scope = NewDisposeScope();
        AssertUncorrelated(Kept(one), Kept(other));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Threads_and_gradients_do_not_change_a_bit(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = TensorAssert.Normal(5, 5, 32, 7, 9).to(type);
        var (expected, expectedGradient) = Run(values, ones_like(values), x => LeakyDropout.Apply(x, Slope, 0.4, 77));
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var limited = new TorchThreads(threads);
            var (actual, gradient) = Run(values, ones_like(values), x => LeakyDropout.Apply(x, Slope, 0.4, 77));
            TensorAssert.Equal(expected, actual);
            TensorAssert.Equal(expectedGradient, gradient);

            using var withoutGradients = no_grad();
            TensorAssert.Equal(expected, LeakyDropout.Apply(values, Slope, 0.4, 77));
        }
    }

    [Fact]
    public void Torchs_own_operators_drop_the_same_elements()
    {
        using var scope = NewDisposeScope();

        // Channels decide between the kernel and torch: the index of an element is the same where the rows of C are.
        var one = LeakyDropout.Apply(ones(2, 48, 5, 1), Slope, 0.5, 13);
        var other = LeakyDropout.Apply(ones(2, 24, 5, 2), Slope, 0.5, 13);

        TensorAssert.Equal(one.permute(0, 2, 3, 1).reshape(-1), other.permute(0, 2, 3, 1).reshape(-1));
    }

    [Fact]
    public void Activations_and_gradients_of_any_strides_are_taken()
    {
        using var scope = NewDisposeScope();
        var values = TensorAssert.Normal(6, 3, 32, 8, 6);
        var (expected, expectedGradient) = Run(values, ones_like(values), x => LeakyDropout.Apply(x, Slope, 0.3, 1));

        foreach (var order in new[] { new long[] { 0, 2, 3, 1 }, [3, 2, 1, 0] })
        {
            var back = order.Select((_, i) => (long)Array.IndexOf(order, i)).ToArray();
            var input = values.permute(order).contiguous().permute(back).detach().requires_grad_();
            var output = LeakyDropout.Apply(input, Slope, 0.3, 1);
            output.sum().backward(); // the gradient of a sum has strides of zero

            TensorAssert.Equal(expected, output);
            TensorAssert.Equal(expectedGradient, input.grad!);
            Assert.True(output.permute(0, 2, 3, 1).is_contiguous());
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_rate_that_is_no_share_is_refused(double rate)
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentOutOfRangeException>(() => LeakyDropout.Apply(ones(1, 16, 2, 2), Slope, rate, 1));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    public void Dropping_back_and_forth_leaves_no_tensor_behind(int channels)
    {
        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var scope = NewDisposeScope();
            Run(ones(2, channels, 6, 6), ones(2, channels, 6, 6), x => LeakyDropout.Apply(x, Slope, 0.3, 1));
        });
    }

    private static Tensor Kept(long seed) => new DropoutMask(0.5, seed).ToTensor(32, 14, 14, 64).reshape(-1);

    // For independent fair coins the mean of the product of (+1, -1) is 0 with the deviation 1 / sqrt(n).
    private static void AssertUncorrelated(Tensor one, Tensor other)
    {
        var correlation = ((one * 2 - 1) * (other * 2 - 1)).mean().item<float>();
        Assert.InRange(correlation, -4 / Math.Sqrt(one.numel()), 4 / Math.Sqrt(one.numel()));
    }

    private static (Tensor Output, Tensor Gradient) Run(Tensor values, Tensor upstream, Func<Tensor, Tensor> layer)
    {
        var input = values.clone().requires_grad_();
        var output = layer(input);
        output.backward([upstream]);
        return (output.detach(), input.grad!);
    }
}
