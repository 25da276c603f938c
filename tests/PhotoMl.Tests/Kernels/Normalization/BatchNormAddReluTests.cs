using PhotoMl.Kernels;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Kernels;

public sealed class BatchNormAddReluTests
{
    private const double Momentum = 0.1;
    private const double Epsilon = 1e-5;
    private const double Rounding = 3e-6;
    private const double BFloat16Rounding = 1.0 / 128;

    public static TheoryData<int, int, int, int, bool, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, bool, int>();
            foreach (var training in new[] { true, false })
            {
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    cases.Add(9, 256, 7, 7, training, threads);
                    cases.Add(3, 48, 5, 9, training, threads);
                    cases.Add(1, 32, 1, 2, training, threads); // fewer rows than threads
                    cases.Add(4, 20, 6, 3, training, threads); // channels the kernel cannot take
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_result_its_gradients_and_the_running_statistics_are_those_of_torch(int batch, int channels, int height, int width, bool training, int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var input = new Input(batch, channels, height, width);
        var (expected, actual) = (Run(input, training, Plain), Run(input, training, BatchNormAddRelu.Apply));

        Assert.Equal(expected.Count, actual.Count);
        Assert.True(expected["output"].eq(0).any().item<bool>() && expected["output"].gt(0).any().item<bool>());
        foreach (var (name, tensor) in expected)
        {
            // The two pixels of the smallest case normalise to 1 and -1 whatever they are, so that their gradients are but rounding.
            TensorAssert.Close(tensor, actual[name], 0, name == "activations" && batch == 1 ? 1e-2 : 10 * Rounding);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bfloat16_activations_are_normalised_alike(bool training)
    {
        using var scope = NewDisposeScope();
        var input = new Input(5, 32, 6, 7).ToBFloat16();
        var (expected, actual) = (Run(input.ToFloat32(), training, Plain), Run(input, training, BatchNormAddRelu.Apply));

        Assert.Equal(ScalarType.BFloat16, actual["output"].dtype);
        Assert.Equal(ScalarType.BFloat16, actual["other"].dtype);
        foreach (var (name, tensor) in expected)
        {
            TensorAssert.Close(tensor, actual[name], BFloat16Rounding, 1e-3);
        }
    }

    [Fact]
    public void Two_pixels_give_what_is_computed_by_hand()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, 16, 1, 2);
        x[0, 0] = tensor(new[] { 1f, 5f }, [1, 2]); // mean 3, variance 4, unbiased 8: normalised to -1 and 1
        var other = zeros(1, 16, 1, 2);
        other[0, 0] = tensor(new[] { 0.5f, -0.25f }, [1, 2]);
        var (mean, variance) = (zeros(16), ones(16));
        var result = BatchNormAddRelu.Apply(x, full(16, 2f), full(16, 1f), mean, variance, other, training: true, 0.5, epsilon: 0);

        // 2 * -1 + 1 + 0.5 is below zero; 2 * 1 + 1 - 0.25.
        Assert.Equal([0, 2.75f], result[0, 0].data<float>().ToArray());
        Assert.Equal((1.5f, 4.5f), (mean[0].item<float>(), variance[0].item<float>()));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 32, 5, 5);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var inner = NewDisposeScope();
            Run(input, training: true, BatchNormAddRelu.Apply);
        });
    }

    private static Tensor Plain(Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, Tensor other, bool training, double momentum, double epsilon) =>
        nn.functional.relu(nn.functional.batch_norm(x, mean, variance, weight, bias, training, momentum, epsilon) + other);

    private static Dictionary<string, Tensor> Run(
        Input input, bool training, Func<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, bool, double, double, Tensor> function)
    {
        var x = input.Activations.detach().clone().requires_grad_(true);
        var other = input.Other.detach().clone().requires_grad_(true);
        var weight = input.Weight.detach().clone().requires_grad_(true);
        var bias = input.Bias.detach().clone().requires_grad_(true);
        var (mean, variance) = (input.Mean.clone(), input.Variance.clone());
        var output = function(x, weight, bias, mean, variance, other, training, Momentum, Epsilon);
        output.backward([input.Upstream]);
        return new()
        {
            ["output"] = output.detach(),
            ["mean"] = mean,
            ["variance"] = variance,
            ["activations"] = x.grad!,
            ["other"] = other.grad!,
            ["weight"] = weight.grad!,
            ["bias"] = bias.grad!,
        };
    }

    private sealed record Input(Tensor Activations, Tensor Other, Tensor Upstream, Tensor Weight, Tensor Bias, Tensor Mean, Tensor Variance)
    {
        public Input(int batch, int channels, int height, int width)
            : this(
                TensorAssert.Normal(1, batch, channels, height, width).mul_(2).add_(3),
                TensorAssert.Normal(2, batch, channels, height, width),
                TensorAssert.Normal(3, batch, channels, height, width),
                TensorAssert.Normal(4, channels),
                TensorAssert.Normal(5, channels),
                TensorAssert.Normal(6, channels),
                TensorAssert.Normal(7, channels).abs())
        {
        }

        public Input ToBFloat16() => To(ScalarType.BFloat16);

        public Input ToFloat32() => To(ScalarType.Float32);

        private Input To(ScalarType type) => this with { Activations = Activations.to(type), Other = Other.to(type), Upstream = Upstream.to(type) };
    }
}
