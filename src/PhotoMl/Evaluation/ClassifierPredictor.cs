using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>Predicts images, each prepared as the classifier's file says.</summary>
internal static class ClassifierPredictor
{
    /// <summary>Predicts image files as one batch; a file that cannot be read harms no other.</summary>
    public static IReadOnlyList<ImagePrediction> Predict(
        LoadedClassifier classifier,
        IReadOnlyList<ImageFileEntry> files,
        ForegroundChoice foreground,
        ConformalSets? sets,
        CancellationToken cancellationToken)
    {
        var preprocessing = classifier.Info.Preprocessing;
        var predictions = new ImagePrediction[files.Count];
        var inputs = new byte[]?[files.Count];
        Parallel.For(0, files.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var (path, problem) = (files[i].Path, files[i].Problem);
            try
            {
                if (problem is null)
                {
                    using var image = new OpenImage(path);
                    inputs[i] = ImagePreprocessor.Prepare(
                        (_, width, height) => image.Decode(width, height), path, preprocessing, foreground).Bytes;
                }
            }
            catch (UnreadableImageException exception)
            {
                problem = exception.Reason;
            }

            predictions[i] = new ImagePrediction(path, [], problem);
        });

        int[] readable = [.. Enumerable.Range(0, files.Count).Where(i => inputs[i] is not null)];
        var predicted = Predict(classifier, [.. readable.Select(i => inputs[i]!)], [.. readable.Select(i => files[i].Path)], sets);
        foreach (var (row, prediction) in predicted.Index())
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
        return [.. probabilities.Chunk(classes.Count).Select((ofImage, row) =>
        {
            int[] order = [.. Enumerable.Range(0, classes.Count).OrderByDescending(label => ofImage[label])];
            return new ImagePrediction(
                names[row],
                [.. order.Select(label => new ClassProbability(classes[label], ofImage[label]))],
                Set: ofImages is null ? null : [.. order.Where(ofImages[row].Contains).Select(label => classes[label])]);
        })];
    }

    private static (double[] Probabilities, IReadOnlyList<int[]>? Sets) Compute(
        LoadedClassifier classifier, byte[][] inputs, ConformalSets? sets)
    {
        var network = classifier.Model.Options;
        using var evaluation = new EvaluationMode(classifier.Model);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var images = inputs.Select(input => tensor(input, [network.Channels, network.Height, network.Width], ScalarType.Byte));
        var (embeddings, logits) = classifier.Forward(PixelBatch.ToNetworkInput(stack(images)));
        return (
            TemperatureScaling.ToProbabilities(logits, classifier.Info.Temperature).data<double>().ToArray(),
            sets?.Compute(logits, embeddings));
    }
}
