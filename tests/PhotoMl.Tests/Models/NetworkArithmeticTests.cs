namespace PhotoMl.Tests.Models;

/// <summary>Every layer of every network, at the sizes it is used at, against float64.</summary>
public class NetworkArithmeticTests
{
    private static readonly int[] Batches = [1, 2, 3, 33, 64];

    public static TheoryData<string, int, int, int[]> Quick => new()
    {
        { "convnet", 1, 28, [1, 2, 33] },
        { "convnet", 3, 28, [3] },
        { "resnet18", 3, 32, [1, 17] },
        { "resnet18", 1, 64, [3] },
        { "generator", 1, 28, [1, 24] },
        { "generator", 3, 31, [2] },
        { "discriminator", 1, 28, [1, 24] },
        { "discriminator", 3, 31, [2] },
    };

    [Theory]
    [MemberData(nameof(Quick))]
    public void Layers_in_float32_and_their_gradients_are_those_of_float64(string network, int channels, int size, int[] batches) =>
        AssertRight(network, channels, size, batches, ScalarType.Float32);

    [Theory]
    [InlineData("convnet", 1, 28, 3)]
    [InlineData("resnet18", 3, 32, 2)]
    [InlineData("resnet18", 1, 32, 1)]
    [InlineData("generator", 1, 28, 2)]
    [InlineData("discriminator", 3, 28, 3)]
    public void Layers_in_bfloat16_and_their_gradients_are_close_to_those_of_float64(string network, int channels, int size, int batch) =>
        AssertRight(network, channels, size, [batch], ScalarType.BFloat16);

    // tests/acceptance/arithmetic.sh
    [SlowFact]
    public void All_layers_at_all_sizes_are_those_of_float64() => AssertAllRight(ScalarType.Float32, Batches);

    [SlowFact]
    public void All_layers_at_all_sizes_are_close_to_those_of_float64_in_bfloat16() =>
        AssertAllRight(ScalarType.BFloat16, ProcessorFeatures.HasBFloat16 ? Batches : [1, 2, 3]); // emulated, more images would take hours

    private static void AssertAllRight(ScalarType dtype, int[] batches)
    {
        foreach (var channels in new[] { 1, 3 })
        {
            AssertRight("convnet", channels, 28, batches, dtype);
            foreach (var size in new[] { 32, 64, 96, 128, 224 })
            {
                AssertRight("resnet18", channels, size, batches, dtype);
            }

            foreach (var size in new[] { 28, 31, 48, 64 })
            {
                AssertRight("generator", channels, size, batches, dtype);
                AssertRight("discriminator", channels, size, batches, dtype);
            }
        }
    }

    [Fact]
    public void Every_operator_is_right_or_is_not_used()
    {
        var checks = NetworkArithmetic.Check();

        Assert.All(checks.Where(check => check.Route == "f32 product"), check => Assert.True(check.IsRight, $"{check}"));
        Assert.All(checks, check => Assert.InRange(check.ForwardError, 0, 1));
        Assert.Contains(checks, check => check is { Operator: "conv 3x3 512->512", Route: "oneDNN", Precision: Precision.BFloat16 });
    }

    // What the measured table says is wrong or ends the process on some processors.
    [Fact]
    public void No_layer_reaches_oneDNN_with_a_1x1_kernel_or_in_bfloat16_with_few_channels() =>
        Assert.DoesNotContain(
            NetworkArithmetic.Operators().Where(candidate => candidate.Route.Name == "oneDNN"),
            candidate => candidate.Layer.Kernel == 1 || (candidate.Dtype == ScalarType.BFloat16 && candidate.Layer.FewestChannels <= 4));

    private static void AssertRight(string network, int channels, int size, int[] batches, ScalarType dtype)
    {
        foreach (var (layer, input, output) in LayersOf(network, channels, size, dtype).Distinct())
        {
            foreach (var batch in batches)
            {
                using var scope = NewDisposeScope();
                long[] shape = layer.Kind == LayerKind.Linear ? [batch, layer.Inputs] : [batch, layer.Inputs, input, input];
                var x = TensorAssert.Normal(1, shape).to(dtype);
                var weight = TensorAssert.Normal(2, layer.WeightShape);
                var found = Run(x, weight, (a, w) => layer.Apply(a, w, size: (output, output)));
                Assert.True(layer.Kind == LayerKind.TransposedConv || layer.OutputSize(x) == (output, output), $"{layer}");
                var expected = Run(
                    x.to(ScalarType.Float64),
                    weight.to(ScalarType.Float64),
                    (a, w) => LayerRoutes.Torch.Run(new LayerInput(layer, a, w, null, (output, output))));
                foreach (var ((name, a), (_, b)) in expected.Zip(found))
                {
                    var error = (a - b.to(ScalarType.Float64)).abs().max().item<double>() / a.abs().max().item<double>();
                    Assert.True(
                        error <= (dtype == ScalarType.BFloat16 ? 0.03 : 1e-4),
                        $"{name} of {layer} in {dtype}, {batch} images of {input} x {input}: {error:G3} of the largest.");
                }
            }
        }

        static (string Name, Tensor Value)[] Run(Tensor x, Tensor weight, Func<Tensor, Tensor, Tensor> compute)
        {
            (x, weight) = (x.detach().requires_grad_(), weight.detach().requires_grad_());
            var output = compute(x, weight);
            var gradients = autograd.grad([output], [x, weight], [TensorAssert.Normal(3, output.shape).to(output.dtype)]);
            return [("output", output.detach()), ("input gradient", gradients[0]), ("weight gradient", gradients[1])];
        }
    }

    // Each layer with the height and width of its input and output.
    private static List<(LayerSpec Layer, long Input, long Output)> LayersOf(string network, int channels, int size, ScalarType dtype)
    {
        var options = new ClassifierOptions { Channels = channels, Height = size, Width = size };
        var gan = network is "generator" or "discriminator" ? new DcganOptions { Channels = channels, Height = size, Width = size } : null;
        var half = (size + 1) / 2;
        var quarter = (half + 1) / 2;
        using nn.Module model = network switch
        {
            "convnet" => ImageClassifier.CreateBlank(options),
            "resnet18" => ImageClassifier.CreateBlank(options with { Architecture = ClassifierArchitecture.ResNet18 }),
            "generator" => new DcganGenerator(gan),
            _ => new DcganDiscriminator(gan),
        };
        var layers = Layer.Of(model).ToList();
        (int Input, int Output)[] sizes = network switch
        {
            "convnet" => [(26, 24), (12, 10), (5, 3), (1, 1), (1, 1)], // the part of 28 x 28 that reaches the results
            "resnet18" => [.. layers.Select(layer => ResNetSize(layer.Spec, size))],
            "generator" => [(1, 1), (quarter, quarter), (quarter, half), (half, size)],
            _ => [(size, half), (half, quarter), (1, 1)],
        };
        Assert.Equal(sizes.Length, layers.Count);
        return [.. layers.Zip(sizes).Where(pair => dtype == ScalarType.Float32 || pair.First.InBFloat16)
            .Select(pair => (pair.First.Spec, (long)pair.Second.Input, (long)pair.Second.Output))];

        static (int, int) ResNetSize(LayerSpec layer, int size)
        {
            return layer switch
            {
                { Kind: LayerKind.Linear } => (1, 1),
                { Kernel: 7 } => (size, Half(size)),
                _ => (Side(layer.Inputs), Side(layer.Outputs)),
            };

            static int Half(int length) => (length + 1) / 2;
            int Side(int channels) => channels == 64 ? Half(Half(size)) : Half(Side(channels / 2));
        }
    }
}
