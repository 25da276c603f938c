namespace PhotoMl.Tests.Kernels;

public sealed class ReluPoolTests
{
    private const float NaN = float.NaN;
    private const float Inf = float.PositiveInfinity;

    public static TheoryData<string, float[]> SpecialWindows => new()
    {
        { "all equal", [1, 1, 1, 1] },
        { "the last two equal", [0, 1, 2, 2] },
        { "the middle two equal", [0, 2, 2, 1] },
        { "all negative", [-1, -2, -3, -4] },
        { "all zero", [0, 0, 0, 0] },
        { "zero and negative", [-1, 0, -1, -1] },
        { "minus infinity", [-Inf, -Inf, -Inf, -Inf] },
        { "infinity twice", [1, Inf, Inf, 2] },
        { "infinities of both signs", [-Inf, 3, Inf, 2] },
        { "NaN first", [NaN, 1, 2, 3] },
        { "NaN last", [1, 2, 3, NaN] },
        { "NaN before infinity", [1, NaN, Inf, 0] },
        { "two NaN", [NaN, 5, NaN, 1] },
        { "NaN among negatives", [-1, NaN, -2, -3] },
    };

    [Theory]
    [InlineData(2, 1, 64, 11, 11)]
    [InlineData(2, 7, 32, 26, 26)]
    [InlineData(2, 7, 16, 5, 12)]
    [InlineData(2, 2, 48, 9, 4)]
    [InlineData(2, 3, 16, 3, 2)]
    [InlineData(2, 2, 20, 6, 6)] // channels the kernel cannot take
    [InlineData(3, 2, 64, 16, 16)]
    [InlineData(3, 3, 16, 7, 10)]
    [InlineData(3, 5, 32, 1, 2)]
    [InlineData(3, 1, 16, 3, 1)]
    [InlineData(3, 2, 20, 6, 5)]
    public void Pooling_and_its_gradient_are_those_of_torch(int window, int batch, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            KernelContract.Check(
                p => [ReluPool.Apply(p[0], window)],
                p => [Plain(p[0], window)],
                [TensorAssert.Normal(1, batch, channels, height, width).to(type)],
                gradients: 1,
                tolerance: window == 2 ? 0 : 1e-6, // a pixel adds the gradients of up to four windows
                relative: window == 2 ? 0 : 1.0 / 128,
                isTaken: channels != 20);
        }
    }

    [Theory]
    [MemberData(nameof(SpecialWindows))]
    public void Ties_negatives_and_non_numbers_are_treated_as_torch_does(string name, float[] window)
    {
        Assert.NotEmpty(name);
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var values = tensor(window, [1, 1, 2, 2]).expand(2, 16, 2, 2).to(type).contiguous();
            var upstream = full([2, 16, 1, 1], 3).to(type);

            foreach (var side in new[] { 2, 3 })
            {
                var (expected, expectedGradient) = Run(values, upstream, input => Plain(input, side));
                var (actual, actualGradient) = Run(values, upstream, input => ReluPool.Apply(input, side));

                TensorAssert.Equal(expected, actual);
                TensorAssert.Equal(expectedGradient, actualGradient);
            }
        }
    }

    private static (Tensor Pooled, Tensor Gradient) Run(Tensor values, Tensor upstream, Func<Tensor, Tensor> pool)
    {
        var input = values.clone().requires_grad_();
        var pooled = pool(input);
        pooled.backward([upstream]);
        return (pooled.detach(), input.grad!);
    }

    private static Tensor Plain(Tensor activations, int window) =>
        nn.functional.relu(nn.functional.max_pool2d(activations, window, 2, window == 3 ? 1 : 0));
}
