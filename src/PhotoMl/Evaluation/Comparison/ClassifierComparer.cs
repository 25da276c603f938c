using PhotoMl.Data;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Runs two classifiers over the same images, each seeing them in its own way.</summary>
internal static class ClassifierComparer
{
    /// <summary>Compares the predictions of two classifiers with the labels and with each other.</summary>
    /// <remarks>Both sets hold the same images in the same order, each as its classifier takes them; they may be the same object.</remarks>
    public static ClassifierComparison Compare(
        LoadedClassifier first, ImageDataset firstImages, LoadedClassifier second, ImageDataset secondImages,
        int batchSize = ClassifierEvaluator.DefaultBatchSize, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var labels = NamesOf(firstImages);
        Check(firstImages, secondImages, labels);

        var one = Evaluate(first, firstImages, batchSize, progress, cancellationToken);
        var later = progress is null ? null : new SynchronousProgress<int>(done => progress.Report(firstImages.Count + done));
        var other = Evaluate(second, secondImages, batchSize, later, cancellationToken);
        var counts = new long[2, 2];
        var differences = new List<ImageDifference>();
        for (var i = 0; i < labels.Length; i++)
        {
            var (prediction, otherPrediction) = (one.Predictions[i], other.Predictions[i]);
            counts[prediction.Label == labels[i] ? 0 : 1, otherPrediction.Label == labels[i] ? 0 : 1]++;
            if (prediction.Label != otherPrediction.Label)
            {
                differences.Add(new() { Index = i, Path = firstImages.Paths?[i], Label = labels[i], First = prediction, Second = otherPrediction });
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

    private static (ClassificationReport Report, ClassProbability[] Predictions) Evaluate(
        LoadedClassifier classifier, ImageDataset images, int batchSize, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var predictions = new ClassProbability[images.Count];
        var report = ClassifierEvaluator.Evaluate(classifier, images, coverage: null, batchSize, progress, Keep, cancellationToken);
        return (report.Report, predictions);

        void Keep(int start, Tensor probabilities)
        {
            var (values, indices) = probabilities.max(1);
            var (largest, classes) = (values.data<double>().ToArray(), indices.data<long>().ToArray());
            for (var i = 0; i < classes.Length; i++)
            {
                predictions[start + i] = new ClassProbability(images.ClassNames[(int)classes[i]], largest[i]);
            }
        }
    }

    private static string[] NamesOf(ImageDataset images) => Array.ConvertAll(images.Labels.data<long>().ToArray(), label => images.ClassNames[(int)label]);

    private static void Check(ImageDataset first, ImageDataset second, string[] labels)
    {
        if (!first.ClassNames.ToHashSet().SetEquals(second.ClassNames))
        {
            throw new ArgumentException($"Expected images of the classes {string.Join(", ", first.ClassNames)} but got {string.Join(", ", second.ClassNames)}.", nameof(second));
        }

        if (!labels.SequenceEqual(NamesOf(second)))
        {
            throw new ArgumentException($"Expected the same {labels.Length} images in the same order but got {second.Count} with other labels.", nameof(second));
        }

        if (first.Paths is { } paths && second.Paths is { } others && !paths.SequenceEqual(others))
        {
            throw new ArgumentException("Expected the same images in the same order but got other files.", nameof(second));
        }
    }
}
