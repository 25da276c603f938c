using PhotoMl.Data;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Runs two classifiers over the same images, each seeing them in its own way.</summary>
public static class ClassifierComparer
{
    /// <summary>Compares the predictions of two classifiers with the labels and with each other.</summary>
    /// <param name="first">The first classifier.</param>
    /// <param name="firstImages">The images and labels as the first takes them, with its classes.</param>
    /// <param name="second">The second classifier.</param>
    /// <param name="secondImages">The same images in the same order as the second takes them, with its classes; they may be the same object.</param>
    /// <param name="batchSize">Images per batch, at least 1; of images above 48 x 48 pixels a batch may be smaller.</param>
    /// <param name="progress">Told the number of images done after each batch; the images of the second count on from those of the first.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The figures of both, and where they differ.</returns>
    /// <exception cref="ArgumentException">The images do not fit a classifier, there are none, or the two sets have other classes, labels or files.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClassifierComparison Compare(
        LoadedClassifier first,
        ImageDataset firstImages,
        LoadedClassifier second,
        ImageDataset secondImages,
        int batchSize = ClassifierEvaluator.DefaultBatchSize,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(firstImages);
        ArgumentNullException.ThrowIfNull(secondImages);
        var labels = NamesOf(firstImages);
        Check(firstImages, secondImages, labels);

        var one = Judge(first, firstImages, batchSize, progress, cancellationToken);
        var other = Judge(second, secondImages, batchSize, progress is null ? null : new Later(progress, firstImages.Count), cancellationToken);
        var counts = new long[2, 2];
        var differences = new List<ImageDifference>();
        for (var i = 0; i < labels.Length; i++)
        {
            counts[one.Predictions[i].Label == labels[i] ? 0 : 1, other.Predictions[i].Label == labels[i] ? 0 : 1]++;
            if (one.Predictions[i].Label != other.Predictions[i].Label)
            {
                differences.Add(new ImageDifference(i, firstImages.Paths?[i], labels[i], one.Predictions[i], other.Predictions[i]));
            }
        }

        return new ClassifierComparison(one.Report, other.Report, new PairedCounts(counts[0, 0], counts[0, 1], counts[1, 0], counts[1, 1]), differences);
    }

    private static (ClassificationReport Report, ClassProbability[] Predictions) Judge(
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

    private sealed class Later(IProgress<int> progress, int before) : IProgress<int>
    {
        public void Report(int value) => progress.Report(before + value);
    }
}
