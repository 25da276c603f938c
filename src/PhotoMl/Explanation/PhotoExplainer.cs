using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>Explains why image files are taken for what they are.</summary>
public static class PhotoExplainer
{
    /// <summary>Explains an image file, prepared as the classifier's file says.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="path">The file; it is opened for reading only.</param>
    /// <param name="label">The class to explain, from 0; null for the most probable one.</param>
    /// <param name="options">How; the temperature is the classifier's own.</param>
    /// <param name="foreground">What is known of light and dark in the picture.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The explanation, and where the photo lies in what the network was given.</returns>
    /// <exception cref="UnreadableImageException">The file is missing, empty, damaged, cut off, too large or no image.</exception>
    /// <exception cref="ArgumentException">There is no such class or layer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ExplainedPhoto Explain(
        LoadedClassifier classifier,
        string path,
        int? label = null,
        ExplanationOptions? options = null,
        ForegroundChoice foreground = ForegroundChoice.Auto,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        var preprocessing = classifier.Info.Preprocessing;
        var prepared = ImagePreprocessor.PrepareFile(path, preprocessing, foreground);
        using var scope = NewDisposeScope();
        var pixels = tensor(prepared.Bytes, [preprocessing.Channels, preprocessing.Height, preprocessing.Width], ScalarType.Byte);
        var explanation = Explainer.Explain(
            classifier.Model, PixelBatch.ToNetworkInput(pixels), label, (options ?? new ExplanationOptions()) with { Temperature = classifier.Info.Temperature }, cancellationToken);
        return new ExplainedPhoto(path, explanation, prepared.Placement, classifier.Info.ClassNames);
    }
}
