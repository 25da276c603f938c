using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Predicts images, each prepared as the classifier's file says.</summary>
internal static class ClassifierPredictor
{
    /// <summary>Predicts image files as one batch; a file that cannot be read harms no other.</summary>
    public static IReadOnlyList<ImagePrediction> Predict(
        LoadedClassifier classifier, IReadOnlyList<ImageFileEntry> files, ForegroundChoice foreground, ConformalSets? sets, CancellationToken cancellationToken)
    {
        var predictions = new ImagePrediction[files.Count];
        var inputs = new byte[]?[files.Count];
        Parallel.For(0, files.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            (inputs[i], var problem) = Prepare(files[i], classifier.Info.Preprocessing, foreground);
            predictions[i] = new ImagePrediction(files[i].Path, [], problem);
        });

        int[] readable = [.. Enumerable.Range(0, files.Count).Where(i => inputs[i] is not null)];
        foreach (var (row, prediction) in Predict(classifier, [.. readable.Select(i => inputs[i]!)], [.. readable.Select(i => files[i].Path)], sets).Index())
        {
            predictions[readable[row]] = prediction;
        }

        return predictions;
    }

    /// <summary>Predicts images that are prepared already.</summary>
    public static IReadOnlyList<ImagePrediction> Predict(LoadedClassifier classifier, byte[][] inputs, string[] names, ConformalSets? sets)
    {
        if (inputs.Length == 0)
        {
            return [];
        }

        var (probabilities, ofImages) = Compute(classifier, inputs, sets);
        NativeLeftovers.Release();
        var classes = classifier.Info.ClassNames;
        return
        [
            .. names.Select((name, row) =>
            {
                var start = row * classes.Count;
                int[] order = [.. Enumerable.Range(0, classes.Count).OrderByDescending(column => probabilities[start + column])];
                return new ImagePrediction(
                    name,
                    [.. order.Select(column => new ClassProbability(classes[column], probabilities[start + column]))],
                    Set: ofImages is null ? null : [.. order.Where(ofImages[row].Contains).Select(column => classes[column])]);
            }),
        ];
    }

    private static (byte[]? Input, string? Problem) Prepare(ImageFileEntry file, ImagePreprocessing preprocessing, ForegroundChoice foreground)
    {
        if (file.Problem is { } problem)
        {
            return (null, problem);
        }

        try
        {
            return (ImagePreprocessor.PrepareFile(file.Path, preprocessing, foreground).Bytes, null);
        }
        catch (UnreadableImageException exception)
        {
            return (null, exception.Reason);
        }
    }

    private static (double[] Probabilities, IReadOnlyList<int[]>? Sets) Compute(LoadedClassifier classifier, byte[][] inputs, ConformalSets? sets)
    {
        var network = classifier.Model.Options;
        using var evaluation = new EvaluationMode(classifier.Model);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var pixels = empty([inputs.Length, network.Channels, network.Height, network.Width], ScalarType.Byte);
        var target = pixels.bytes;
        foreach (var (i, input) in inputs.Index())
        {
            input.CopyTo(target[(i * input.Length)..]);
        }

        var (embeddings, logits) = classifier.Model.ForwardWithEmbedding(PixelBatch.ToNetworkInput(pixels)); // (N, D), (N, classes)
        return (TemperatureScaling.ToProbabilities(logits, classifier.Info.Temperature).data<double>().ToArray(), sets?.Compute(logits, embeddings));
    }
}
