using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>Explains why a network takes an image for what it does.</summary>
public static class Explainer
{
    /// <summary>Explains one image.</summary>
    /// <param name="network">The network; it is put into evaluation mode and back, for which no other thread may use it meanwhile, unless it is in it already and its weights take no gradients.</param>
    /// <param name="image">The image, (C, H, W), float32 in [0, 1].</param>
    /// <param name="label">The class to explain, from 0; null for the one that the network finds most probable.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The map of the image, the probabilities, and how far the map is to be believed.</returns>
    /// <exception cref="ArgumentException">The image does not fit the network, or there is no such layer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ImageExplanation Explain(
        ImageClassifier network, Tensor image, int? label = null, ExplanationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(image);
        options ??= new ExplanationOptions();
        if (image.dim() != 3)
        {
            throw new ArgumentException($"Expected one image (C, H, W) but got ({string.Join(", ", image.shape)}).", nameof(image));
        }

        if (label is { } wished)
        {
            Checked.InRange(wished, 0, network.Options.Classes - 1, nameof(label));
        }

        var layer = options.Method == ExplanationMethod.GradCam ? FindLayer(network, options.Layer) : null;
        using var scope = NewDisposeScope();
        using var inspected = new InspectedNetwork(network);
        var batch = image.detach().unsqueeze(0).contiguous(); // (1, C, H, W)
        var probabilities = ComputeProbabilities(network, batch, options.Temperature);
        var subject = new ExplanationSubject(network, batch, label ?? probabilities.Index().MaxBy(entry => entry.Item).Index, options.Temperature, cancellationToken);
        var (heatmap, completeness) = Compute(subject, layer, options);
        var faithfulness = options.MeasureFaithfulness ? FaithfulnessMeter.Measure(subject, heatmap, options) : null;
        return new ImageExplanation(options.Method, layer, subject.Class, probabilities, heatmap, faithfulness, completeness);
    }

    private static (Heatmap Heatmap, Completeness? Completeness) Compute(ExplanationSubject subject, string? layer, ExplanationOptions options) => options.Method switch
    {
        ExplanationMethod.GradCam => (GradCam.Compute(subject, layer!), null),
        ExplanationMethod.IntegratedGradients => IntegratedGradients.Compute(subject, options.Baseline, options.Steps),
        ExplanationMethod.Occlusion => (Occlusion.Compute(subject, options.Baseline, options.Window), null),
        ExplanationMethod.Saliency => (Saliency.Compute(subject), null),
        _ => throw new ArgumentException($"Expected a known method but got {options.Method}.", nameof(options)),
    };

    private static string FindLayer(ImageClassifier network, string? name)
    {
        var layers = network.Layers;
        return name is null ? layers[^1]
            : layers.Contains(name) ? name
            : throw new ArgumentException($"Expected a layer of a {network.Options.Name}, {string.Join(", ", layers)}, but got {name}.", nameof(name));
    }

    private static double[] ComputeProbabilities(ImageClassifier network, Tensor image, double temperature)
    {
        using var withoutGradients = no_grad();
        return network.forward(image).to(ScalarType.Float64).div(temperature).softmax(1).data<double>().ToArray();
    }
}
