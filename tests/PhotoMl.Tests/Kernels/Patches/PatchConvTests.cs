using PhotoMl.Kernels;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Kernels;

public sealed class PatchConvTests
{
    private const double Rounding = 5e-6;

    public static TheoryData<int, int, int, int, int, int, int> Cases => new()
    {
        { 3, 3, 64, 7, 33, 40, 2 },
        { 2, 1, 16, 7, 32, 32, 1 },
        { 5, 64, 128, 3, 12, 13, 2 },
        { 40, 32, 16, 3, 9, 6, 3 }, // several chunks
        { 1, 8, 4, 3, 1, 1, 2 },
        { 2, 5, 3, 5, 2, 7, 2 }, // a kernel larger than the image
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_result_and_its_gradients_are_those_of_torch(int batch, int inputs, int outputs, int kernel, int height, int width, int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var x = TensorAssert.Normal(1, batch, inputs, height, width);
        var weight = TensorAssert.Normal(2, outputs, inputs, kernel, kernel);
        var upstream = TensorAssert.Normal(3, batch, outputs, (height + 1) / 2, (width + 1) / 2);
        var (expected, actual) = (Run(x, weight, upstream, Plain), Run(x, weight, upstream, Convolve));

        TensorAssert.Close(expected.Output, actual.Output, 0, Rounding);
        TensorAssert.Close(expected.Input, actual.Input, 0, Rounding);
        TensorAssert.Close(expected.Weight, actual.Weight, 0, Rounding);
        using var withoutGradients = no_grad();
        TensorAssert.Equal(actual.Output, Convolve(x, weight));
    }

    [Fact]
    public void Gradients_that_nobody_wants_are_not_computed_and_no_tensor_is_left_behind()
    {
        using var scope = NewDisposeScope();
        var x = TensorAssert.Normal(1, 8, 3, 20, 20);
        var weight = TensorAssert.Normal(2, 16, 3, 7, 7).requires_grad_(true);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var inner = NewDisposeScope();
            Convolve(x, weight).sum().backward();
            weight.grad = null;
        });
        Convolve(x, weight).sum().backward();

        Assert.Null(x.grad);
        Assert.NotNull(weight.grad);
    }

    private static Tensor Plain(Tensor x, Tensor weight) => nn.functional.conv2d(x, weight, null, [2, 2], [weight.shape[2] / 2, weight.shape[2] / 2]);

    private static (Tensor Output, Tensor Input, Tensor Weight) Run(Tensor x, Tensor weight, Tensor upstream, Func<Tensor, Tensor, Tensor> function)
    {
        var input = x.detach().clone().requires_grad_(true);
        var weights = weight.detach().clone().requires_grad_(true);
        var output = function(input, weights);
        output.backward([upstream]);
        return (output.detach(), input.grad!, weights.grad!);
    }

    private static Tensor Convolve(Tensor x, Tensor weight)
    {
        var kernel = (int)weight.shape[2];
        return new LayerSpec(LayerKind.Conv, (int)weight.shape[1], (int)weight.shape[0], kernel, Stride: 2, Padding: kernel / 2).Apply(x, weight);
    }
}
