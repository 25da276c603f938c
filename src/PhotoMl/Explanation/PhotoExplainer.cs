using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>Explains what predictions of images rest on.</summary>
internal static class PhotoExplainer
{
    /// <summary>Explains an image, prepared as the classifier's file says.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="content">The content of the image file.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="label">The class to explain, from 0; null for the most probable one.</param>
    /// <param name="options">How; the temperature is the classifier's own.</param>
    /// <param name="foreground">What is known of light and dark in the image.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The explanation, and where the image lies in what the network was given.</returns>
    /// <exception cref="UnreadableImageException">It is damaged, cut off, too large or no image.</exception>
    /// <exception cref="ArgumentException">There is no such class or layer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ExplainedPhoto Explain(
        LoadedClassifier classifier, byte[] content, string name, int? label, ExplanationOptions? options, ForegroundChoice foreground, CancellationToken cancellationToken)
    {
        var preprocessing = classifier.Info.Preprocessing;
        var prepared = ImagePreprocessor.PrepareFile(content, name, preprocessing, foreground);
        using var scope = NewDisposeScope();
        var pixels = tensor(prepared.Bytes, [preprocessing.Channels, preprocessing.Height, preprocessing.Width], ScalarType.Byte);
        var explanation = Explainer.Explain(
            classifier.Model, PixelBatch.ToNetworkInput(pixels), label, (options ?? new ExplanationOptions()) with { Temperature = classifier.Info.Temperature }, cancellationToken);
        return new ExplainedPhoto(name, explanation, prepared.Placement, classifier.Info.ClassNames) { Content = content };
    }
}
