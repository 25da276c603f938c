using PhotoMl.Kernels;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Kernels;

public sealed class FourierConvTests
{
    // Of the largest number expected; measured are 5e-7.
    private const double Tolerance = 1e-6;
    private const double TorchTolerance = 2e-5; // oneDNN adds up in another order

    public static TheoryData<int, int, int, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, int, int>();
            foreach (var stride in new[] { 1, 2 })
            {
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    // Height and width of the big images, channels of the small and of the big images.
                    cases.Add(stride, 7 * stride, 7 * stride, 48, 16, threads);
                    cases.Add(stride, 4, 4, 16, 32, threads);
                    cases.Add(stride, 5, 16, 16, 16, threads);
                    cases.Add(stride, 13, 8, 32, 16, threads);
                    cases.Add(stride, 1, 3, 16, 16, threads);
                }

                for (var size = 6; size <= 16; size++)
                {
                    cases.Add(stride, size, size, 16, 16, 2);
                }

                cases.Add(stride, stride == 1 ? 16 : 24, 9, 16, 16, 2); // the largest
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Result_and_gradients_are_those_of_torch(int stride, int height, int width, int small, int big, int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var layer = new Layer(stride, height, width, small, big);
        Assert.True(layer.IsTaken(layer.BigImages));
        Assert.True(layer.IsTaken(layer.SmallImages));

        Same(Run(Double(layer.BigImages), Double(layer.Weight), Double(layer.SmallImages), layer.Plain),
            Run(layer.BigImages, layer.Weight, layer.SmallImages, layer.Conv));
        Same(Run(Double(layer.SmallImages), Double(layer.Weight), Double(layer.BigImages), layer.PlainTransposed),
            Run(layer.SmallImages, layer.Weight, layer.BigImages, layer.Transposed));
    }

    [Fact]
    public void A_batch_of_the_GAN_comes_as_close_to_the_exact_result()
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(1, 7, 7, 256, 128);

        Same(Run(Double(layer.SmallImages), Double(layer.Weight), Double(layer.BigImages), layer.PlainTransposed),
            Run(layer.SmallImages, layer.Weight, layer.BigImages, layer.Transposed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Tensors_of_any_strides_are_taken(int stride)
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(stride, 9, 8, 16, 32);
        var (bigImages, weight, smallImages) = (Turn(layer.BigImages), Turn(layer.Weight), Turn(layer.SmallImages));
        Assert.False(bigImages.is_contiguous());

        Equal(Run(layer.BigImages, layer.Weight, layer.SmallImages, layer.Conv), Run(bigImages, weight, smallImages, layer.Conv));
        Equal(Run(layer.SmallImages, layer.Weight, layer.BigImages, layer.Transposed), Run(smallImages, weight, bigImages, layer.Transposed));
    }

    [Fact]
    public void The_gradient_of_a_sum_which_repeats_one_number_is_taken()
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(2, 8, 8, 16, 16);
        var (expected, actual) = (layer.Weight.clone().requires_grad_(), layer.Weight.clone().requires_grad_());

        layer.Plain(layer.BigImages, expected).sum().backward();
        layer.Conv(layer.BigImages, actual).sum().backward();

        TensorAssert.Close(expected.grad!, actual.grad!, 0, 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_threads_give_the_same_bits(int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var layer = new Layer(2, 14, 14, 64, 32);

        Equal(Run(layer.BigImages, layer.Weight, layer.SmallImages, layer.Conv), Run(layer.BigImages, layer.Weight, layer.SmallImages, layer.Conv));
        Equal(Run(layer.SmallImages, layer.Weight, layer.BigImages, layer.Transposed), Run(layer.SmallImages, layer.Weight, layer.BigImages, layer.Transposed));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Only_the_gradients_asked_for_are_made(bool byInput, bool byWeight)
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(2, 8, 8, 16, 16);
        var both = Run(layer.BigImages, layer.Weight, layer.SmallImages, layer.Conv);
        var (input, weight) = (layer.BigImages.clone().requires_grad_(byInput), layer.Weight.clone().requires_grad_(byWeight));

        var result = layer.Conv(input, weight);
        Assert.Equal(byInput || byWeight, result.requires_grad);
        TensorAssert.Equal(both.Result, result);
        if (result.requires_grad)
        {
            result.backward([layer.SmallImages]);
        }

        AssertGradient(byInput, both.Input, input.grad);
        AssertGradient(byWeight, both.Weight, weight.grad);

        static void AssertGradient(bool isMade, Tensor expected, Tensor? actual)
        {
            if (isMade)
            {
                TensorAssert.Equal(expected, actual!);
            }
            else
            {
                Assert.Null(actual);
            }
        }
    }

    [Fact]
    public void Without_gradients_the_result_is_the_same_and_asks_for_none()
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(1, 8, 8, 16, 16);
        var weight = layer.Weight.clone().requires_grad_();
        var expected = layer.Transposed(layer.SmallImages, weight);

        using var withoutGradients = no_grad();
        var actual = layer.Transposed(layer.SmallImages, weight);

        Assert.False(actual.requires_grad);
        TensorAssert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(20, 16, 8, ScalarType.Float32, 64)] // channels
    [InlineData(16, 20, 8, ScalarType.Float32, 64)]
    [InlineData(16, 16, 8, ScalarType.Float64, 64)] // dtype
    [InlineData(16, 16, 8, ScalarType.Float32, 63)] // few images
    [InlineData(16, 16, 26, ScalarType.Float32, 64)] // large images
    public void What_the_kernel_cannot_take_is_left_to_torch(int small, int big, int size, ScalarType type, int batch)
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(2, size, size, small, big, batch);
        var (bigImages, weight, smallImages) = (layer.BigImages.to(type), layer.Weight.to(type), layer.SmallImages.to(type));
        Assert.False(layer.IsTaken(bigImages));

        var (conv, transposed) = (Run(bigImages, weight, smallImages, layer.Conv), Run(smallImages, weight, bigImages, layer.Transposed));
        Assert.Equal((type, type), (conv.Result.dtype, transposed.Result.dtype));
        Close(Run(Double(bigImages), Double(weight), Double(smallImages), layer.Plain), conv, TorchTolerance);
        Close(Run(Double(smallImages), Double(weight), Double(bigImages), layer.PlainTransposed), transposed, TorchTolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Convolving_back_and_forth_leaves_no_tensor_behind(int stride)
    {
        TensorAssert.NoneIsLeftBehind(Repeat);

        void Repeat()
        {
            using var scope = NewDisposeScope();
            var layer = new Layer(stride, 8, 8, 16, 16);
            Run(layer.BigImages, layer.Weight, layer.SmallImages, layer.Conv);
            Run(layer.SmallImages, layer.Weight, layer.BigImages, layer.Transposed);
            using var withoutGradients = no_grad();
            layer.Conv(layer.BigImages, layer.Weight);
            layer.Transposed(layer.SmallImages, layer.Weight);
        }
    }

    private static (Tensor Result, Tensor Input, Tensor Weight) Run(Tensor input, Tensor weight, Tensor upstream, Func<Tensor, Tensor, Tensor> network)
    {
        (input, weight) = (input.detach().requires_grad_(), weight.detach().requires_grad_());
        var result = network(input, weight);
        result.backward([upstream]);
        return (result.detach(), input.grad!, weight.grad!);
    }

    private static Tensor Double(Tensor tensor) => tensor.to(ScalarType.Float64);

    // The same numbers in the reverse order of axes in memory.
    private static Tensor Turn(Tensor tensor) => tensor.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0);

    private static void Same((Tensor Result, Tensor Input, Tensor Weight) expected, (Tensor Result, Tensor Input, Tensor Weight) actual)
    {
        Assert.Equal(ScalarType.Float32, actual.Result.dtype);
        Close(expected, actual, Tolerance);
    }

    private static void Close((Tensor Result, Tensor Input, Tensor Weight) expected, (Tensor Result, Tensor Input, Tensor Weight) actual, double tolerance)
    {
        TensorAssert.Close(expected.Result, actual.Result, 0, tolerance);
        TensorAssert.Close(expected.Input, actual.Input, 0, tolerance);
        TensorAssert.Close(expected.Weight, actual.Weight, 0, tolerance);
    }

    private static void Equal((Tensor Result, Tensor Input, Tensor Weight) expected, (Tensor Result, Tensor Input, Tensor Weight) actual)
    {
        TensorAssert.Equal(expected.Result, actual.Result);
        TensorAssert.Equal(expected.Input, actual.Input);
        TensorAssert.Equal(expected.Weight, actual.Weight);
    }

    private sealed class Layer(int stride, int height, int width, int small, int big, int batch = 65)
    {
        private readonly (int Height, int Width) _small = ((height + stride - 1) / stride, (width + stride - 1) / stride);
        private readonly LayerSpec _conv = new(LayerKind.Conv, big, small, Kernel: 5, stride, Padding: 2);
        private readonly LayerSpec _transposed = new(LayerKind.TransposedConv, small, big, Kernel: 5, stride, Padding: 2);

        public Tensor BigImages { get; } = TensorAssert.Normal(1, batch, big, height, width);

        public Tensor SmallImages { get; } = TensorAssert.Normal(2, batch, small, (height + stride - 1) / stride, (width + stride - 1) / stride);

        public Tensor Weight { get; } = TensorAssert.Normal(3, small, big, 5, 5);

        public bool IsTaken(Tensor images) => LayerRoute.Find(new LayerInput(_conv, images, Weight, null, _small)).Name == "Fourier";

        public Tensor Conv(Tensor images, Tensor weight) => _conv.Apply(images, weight);

        public Tensor Transposed(Tensor images, Tensor weight) => _transposed.Apply(images, weight, size: (height, width));

        public Tensor Plain(Tensor images, Tensor weight) => nn.functional.conv2d(images, weight, null, [stride, stride], [2L, 2L]);

        public Tensor PlainTransposed(Tensor images, Tensor weight)
        {
            long[] padding = [height - ((_small.Height - 1) * stride) - 1, width - ((_small.Width - 1) * stride) - 1];
            return nn.functional.conv_transpose2d(images, weight, null, [stride, stride], [2L, 2L], padding);
        }
    }
}
