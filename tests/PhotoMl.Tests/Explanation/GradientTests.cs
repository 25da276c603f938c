namespace PhotoMl.Tests.Explanation;

/// <summary>Gradients by the image, through the kernels of both networks.</summary>
[Collection(nameof(CornerNetworks))]
public sealed class GradientTests(CornerNetworks networks)
{
    [Fact]
    public void The_gradient_by_the_image_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        var plain = SubjectOf(ClassifierArchitecture.Convnet);

        // Poolings of equal pixels have no one slope.
        var subject = plain with { Image = plain.Image + (0.02 * TensorAssert.Normal(6, plain.Image.shape)) };
        using var inspected = EvaluationMode.InFloat32(subject.Network);
        var gradient = subject.InputGradient(subject.Image);
        var length = gradient.norm().item<float>();

        // Along itself the slope is the gradient's length; along anything else their product.
        var other = nn.functional.normalize(TensorAssert.Normal(5, gradient.shape) + (gradient.sign() * 0.5), 2, dim: 1).div(10);
        foreach (var direction in new[] { gradient / length, other })
        {
            var expected = gradient.mul(direction).sum().item<float>();
            const float Step = 0.002f;
            var rise = Logit(subject, subject.Image + (direction * Step)) - Logit(subject, subject.Image - (direction * Step));
            Assert.InRange(rise / (2 * Step) / expected, 0.98, 1.02);
        }
    }

    [Fact]
    public void The_gradient_by_a_photo_is_that_of_torchs_own_operators()
    {
        using var scope = NewDisposeScope();
        var subject = SubjectOf(ClassifierArchitecture.ResNet18);
        var image = subject.Image.clone().requires_grad_(true);
        var score = new PlainResNet18(PlainResNet18.CopyWeights(subject.Network), training: false).Forward(image)[0, subject.Class];
        using var inspected = EvaluationMode.InFloat32(subject.Network);
        var expected = autograd.grad([score], [image])[0];

        TensorAssert.CloseInNorm(expected, subject.InputGradient(subject.Image), 0.01, "the gradient by the image");
    }

    [Theory]
    [InlineData(ClassifierArchitecture.Convnet, ExplanationBaseline.Ground, 150)]
    [InlineData(ClassifierArchitecture.Convnet, ExplanationBaseline.Black, 150)]
    [InlineData(ClassifierArchitecture.Convnet, ExplanationBaseline.Blurred, 150)]
    [InlineData(ClassifierArchitecture.ResNet18, ExplanationBaseline.Ground, 40)]
    public void Integrated_gradients_add_up_to_the_difference_of_logits(
        ClassifierArchitecture architecture, ExplanationBaseline baseline, int steps)
    {
        var network = networks.Of(architecture);
        using var image = CornerNetworks.Both(network);
        var explanation = Explainer.Explain(network, image, 1, new ExplanationOptions
        {
            Method = ExplanationMethod.IntegratedGradients, Baseline = baseline, Steps = steps, MeasureFaithfulness = false,
        });

        Assert.InRange(Math.Abs(explanation.Completeness!.LogitDifference), 0.1, 1000);
        Assert.Equal(explanation.Heatmap.Sum, explanation.Completeness.AttributionSum);
        Assert.InRange(explanation.Completeness.Gap, 0, 0.01);
    }

    [Theory]
    [InlineData(ClassifierArchitecture.Convnet, "conv1", 28, 6)]
    [InlineData(ClassifierArchitecture.Convnet, "conv2", 28, 2)]
    [InlineData(ClassifierArchitecture.Convnet, "conv3", 28, 1)]
    [InlineData(ClassifierArchitecture.ResNet18, "stem", 64, 8)]
    [InlineData(ClassifierArchitecture.ResNet18, "layer1", 64, 8)]
    [InlineData(ClassifierArchitecture.ResNet18, "layer2", 128, 8)]
    public void An_element_of_a_layer_looks_where_its_grid_says(ClassifierArchitecture architecture, string layer, int size, int element)
    {
        using var scope = NewDisposeScope();
        var network = networks.Of(architecture, isTrained: false);
        using var inspected = EvaluationMode.InFloat32(network);
        var seen = zeros(size);
        for (var seed = 0; seed < 12; seed++)
        {
            using var imageScope = NewDisposeScope();
            var image = TensorAssert.Normal(seed, 1, network.Options.Channels, size, size).requires_grad_(true);
            var chosen = network.ForwardTo(image, layer).select(3, element).select(2, element).sum();
            seen.add_(autograd.grad([chosen], [image])[0].abs().sum([0L, 1L, 2L]));
        }

        // The field's ends, less what is only rounding.
        var columns = seen.gt(seen.max() * 1e-5).nonzero().flatten().data<long>().ToArray();
        var grid = network.LayerGrids[layer];
        Assert.Equal(grid.First + (element * grid.Stride), (columns[0] + columns[^1] + 1) / 2.0, 1.5);
        Assert.Equal(element + 0.5, grid.ToElement(grid.First + (element * grid.Stride)), 10);
    }

    [Theory]
    [EnumData<ClassifierArchitecture>]
    public void From_any_layer_on_the_logits_are_those_of_the_whole_network(ClassifierArchitecture architecture)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var subject = SubjectOf(architecture);
        var logits = subject.Network.forward(subject.Image);

        var isConvnet = architecture == ClassifierArchitecture.Convnet;
        Assert.Equal(isConvnet ? ["conv1", "conv2", "conv3"] : ["stem", "layer1", "layer2", "layer3", "layer4"], subject.Network.Layers);
        Assert.All(subject.Network.Layers, layer => TensorAssert.Equal(
            logits, subject.Network.ForwardFrom(subject.Network.ForwardTo(subject.Image, layer), layer)));
    }

    private static double Logit(ExplanationSubject subject, Tensor image)
    {
        using var withoutGradients = no_grad();
        using var logits = subject.Network.forward(image);
        return logits[0, subject.Class].item<float>();
    }

    private ExplanationSubject SubjectOf(ClassifierArchitecture architecture)
    {
        var network = networks.Of(architecture);
        return new ExplanationSubject(network, CornerNetworks.Both(network).unsqueeze(0), 1, 1, CancellationToken.None);
    }
}
