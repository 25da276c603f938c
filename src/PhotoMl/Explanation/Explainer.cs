using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>Explains why a network predicts a class for an image.</summary>
internal static class Explainer
{
    public static ImageExplanation Explain(
        ImageClassifier network, Tensor image, int? label = null, ExplanationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ExplanationOptions();
        if (image.dim() != 3)
        {
            throw new ArgumentException($"Expected one image (C, H, W) but got ({string.Join(", ", image.shape)}).", nameof(image));
        }

        if (label is { } target)
        {
            Checked.InRange(target, 0, network.Options.Classes - 1, nameof(label));
        }

        var layer = options.Method == ExplanationMethod.GradCam ? FindLayer(network, options.Layer) : null;
        using var scope = NewDisposeScope();
        using var evaluation = EvaluationMode.InFloat32(network);
        var batch = image.detach().unsqueeze(0).contiguous(); // (1, C, H, W)
        var probabilities = ComputeProbabilities(network, batch, options.Temperature);
        var subject = new ExplanationSubject(network, batch, label ?? probabilities.Index().MaxBy(entry => entry.Item).Index, options.Temperature, cancellationToken);
        var (heatmap, completeness) = Compute(subject, layer, options);
        var faithfulness = options.MeasureFaithfulness ? FaithfulnessMeter.Measure(subject, heatmap, options) : null;
        return new ImageExplanation
        {
            Method = options.Method,
            Layer = layer,
            Label = subject.Class,
            Probabilities = probabilities,
            Heatmap = heatmap,
            Faithfulness = faithfulness,
            Completeness = completeness,
        };
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
            : throw new ArgumentException($"{nameof(ExplanationOptions.Layer)}: expected a layer of a {network.Options.Name}, {string.Join(", ", layers)}, but got {name}");
    }

    private static double[] ComputeProbabilities(ImageClassifier network, Tensor image, double temperature)
    {
        using var withoutGradients = no_grad();
        return network.forward(image).to(ScalarType.Float64).div(temperature).softmax(1).data<double>().ToArray();
    }
}
