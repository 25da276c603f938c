using PhotoMl.Models;

namespace PhotoMl.Explanation;

/// <summary>Explains why a network predicts a class for an image.</summary>
internal static class Explainer
{
    public static ImageExplanation Explain(
        ImageClassifier network,
        Tensor image,
        int? label = null,
        ExplanationOptions? options = null,
        double temperature = 1, // by which logits are divided
        CancellationToken cancellationToken = default)
    {
        options ??= new ExplanationOptions();
        var layer = options.Method == ExplanationMethod.GradCam ? FindLayer(network, options.Layer) : null;
        using var scope = NewDisposeScope();
        using var evaluation = EvaluationMode.InFloat32(network);
        var batch = image.detach().unsqueeze(0).contiguous(); // (1, C, H, W)
        double[] probabilities;
        using (no_grad())
        {
            probabilities = network.forward(batch).to(ScalarType.Float64).div(temperature).softmax(1).data<double>().ToArray();
        }

        var explained = label ?? probabilities.Index().MaxBy(entry => entry.Item).Index;
        var subject = new ExplanationSubject(network, batch, explained, temperature, cancellationToken);
        var (heatmap, completeness) = options.Method switch
        {
            ExplanationMethod.GradCam => (GradCam.Compute(subject, layer!), null),
            ExplanationMethod.IntegratedGradients => IntegratedGradients.Compute(subject, options.Baseline, options.Steps),
            ExplanationMethod.Occlusion => (Occlusion.Compute(subject, options.Baseline, options.Window), null),

            // The size of the gradient of the class's logit by a pixel, of its channels the largest: K. Simonyan, A. Vedaldi, A. Zisserman,
            // "Deep Inside Convolutional Networks", ICLR workshop 2014, section 3.1.
            ExplanationMethod.Saliency =>
                (Heatmap.Of(subject.InputGradient(subject.Image).abs().amax([1L])), default(Completeness)), // (1, H, W)
            _ => throw new ArgumentException($"Expected a known method but got {options.Method}.", nameof(options)),
        };
        return new ImageExplanation
        {
            Method = options.Method,
            Layer = layer,
            Label = explained,
            Probabilities = probabilities,
            Heatmap = heatmap,
            Faithfulness = options.MeasureFaithfulness ? FaithfulnessMeter.Measure(subject, heatmap, options) : null,
            Completeness = completeness,
        };
    }

    private static string FindLayer(ImageClassifier network, string? name)
    {
        var (layers, size) = (network.Layers, Math.Min(network.Options.Height, network.Options.Width));
        return name is null || layers.Contains(name)
            ? name ?? layers.Last(layer => network.LayerGrids[layer].Stride < size) // a single element is no map
            : throw new ArgumentException(
                $"{nameof(ExplanationOptions.Layer)}: expected a layer of a {network.Options.Name}, "
                + $"{string.Join(", ", layers)}, but got {name}");
    }
}

/// <summary>What is explained: an image, a class, and the network that may take the one for the other.</summary>
internal sealed record ExplanationSubject(
    ImageClassifier Network, Tensor Image, int Class, double Temperature, CancellationToken CancellationToken)
{
    // Enough to hide the cost of a call, few enough for the activations to stay small.
    private const int MostBatch = 64;
    private const int MostPixels = 32 * 128 * 128;

    public int Height => (int)Image.shape[2];
    public int Width => (int)Image.shape[3];
    public int BatchSize => Math.Clamp(MostPixels / (Height * Width), 1, MostBatch);

    /// <summary>Computes the log-odds of the class for images that are made batch by batch.</summary>
    public float[] LogOdds(int count, Func<int, int, Tensor> make)
    {
        var odds = new List<float>(count);
        using var withoutGradients = no_grad();
        for (var first = 0; first < count; first += BatchSize)
        {
            CancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();

            // The softmax of one class against the rest, without what is common to all.
            var logits = Network.forward(make(first, Math.Min(BatchSize, count - first))).div(Temperature);
            var others = logits.clone();
            others.select(1, Class).fill_(float.NegativeInfinity);
            odds.AddRange((logits.select(1, Class) - others.logsumexp(1)).data<float>().ToArray()); // (N)
        }

        return [.. odds];
    }

    /// <summary>Computes the gradient of the class's logit of each image, (N, C, H, W), by that image.</summary>
    public Tensor InputGradient(Tensor images)
    {
        using var withGradients = enable_grad();
        using var scope = NewDisposeScope();
        var inputs = images.detach().requires_grad_(true);
        var score = Network.forward(inputs).select(1, Class).sum();
        return autograd.grad([score], [inputs])[0].MoveToOuterDisposeScope();
    }
}
