using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>Runs two classifiers over the same images, each seeing them in its own way.</summary>
internal static class ClassifierComparer
{
    /// <summary>Compares the predictions of two classifiers with the labels and with each other.</summary>
    /// <remarks>Both sets hold the same images in the same order, each as its classifier takes them; they may be the same object.</remarks>
    public static ClassifierComparison Compare(
        LoadedClassifier first,
        ImageDataset firstImages,
        LoadedClassifier second,
        ImageDataset secondImages,
        int batchSize = ClassifierEvaluator.DefaultBatchSize,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var one = ClassifierEvaluator.Evaluate(first, firstImages, null, batchSize, progress, cancellationToken);
        var later = progress is null ? null : new SynchronousProgress<int>(done => progress.Report(firstImages.Count + done));
        var other = ClassifierEvaluator.Evaluate(second, secondImages, null, batchSize, later, cancellationToken);
        var counts = new long[2, 2];
        var differences = new List<ImageDifference>();
        foreach (var (i, label) in firstImages.Labels.data<long>().ToArray().Index())
        {
            var name = firstImages.ClassNames[(int)label];
            var (prediction, otherPrediction) = (Name(firstImages, one.Predictions[i]), Name(secondImages, other.Predictions[i]));
            counts[prediction.Label == name ? 0 : 1, otherPrediction.Label == name ? 0 : 1]++;
            if (prediction.Label != otherPrediction.Label)
            {
                var path = firstImages.Paths?[i];
                differences.Add(new() { Index = i, Path = path, Label = name, First = prediction, Second = otherPrediction });
            }
        }

        return new ClassifierComparison
        {
            First = one.Report,
            Second = other.Report,
            BothCorrect = counts[0, 0],
            OnlyFirst = counts[0, 1],
            OnlySecond = counts[1, 0],
            BothWrong = counts[1, 1],
            Differences = differences,
        };
    }

    private static ClassProbability Name(ImageDataset images, (int Class, double Probability) prediction) =>
        new(images.ClassNames[prediction.Class], prediction.Probability);
}
