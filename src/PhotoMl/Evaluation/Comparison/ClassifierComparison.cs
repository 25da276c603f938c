using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>The comparison of two classifiers on the same images.</summary>
public sealed record ClassifierComparison
{
    /// <summary>The evaluation of the first.</summary>
    public required ClassificationReport First { get; init; }

    /// <summary>The evaluation of the second.</summary>
    public required ClassificationReport Second { get; init; }

    /// <summary>The images that both predict correctly.</summary>
    public required long BothCorrect { get; init; }

    /// <summary>The images that only the first predicts correctly.</summary>
    public required long OnlyFirst { get; init; }

    /// <summary>The images that only the second predicts correctly.</summary>
    public required long OnlySecond { get; init; }

    /// <summary>The images that neither predicts correctly.</summary>
    public required long BothWrong { get; init; }

    /// <summary>The images that they predict differently, in the order of the images.</summary>
    public required IReadOnlyList<ImageDifference> Differences { get; init; }

    /// <summary>The number of images.</summary>
    public long Images => BothCorrect + OnlyFirst + OnlySecond + BothWrong;

    /// <summary>The accuracy of the second less that of the first, in [-1, 1].</summary>
    public double Difference => (double)(OnlySecond - OnlyFirst) / Images;

    /// <summary>The range in which the difference on any such images lies with 95 % confidence.</summary>
    public ConfidenceInterval DifferenceInterval => ConfidenceInterval.Tango(OnlySecond, OnlyFirst, Images);

    /// <summary>How often luck alone would set two equally good classifiers at least as far apart, by McNemar's mid-p test, in [0,
    /// 1].</summary>
    public double P => McNemarTest.MidP(OnlyFirst, OnlySecond);

    /// <summary>Compares the predictions of two classifiers with the labels and with each other.</summary>
    /// <remarks>Both sets hold the same images in the same order, each as its classifier takes them; they may be the same object.</remarks>
    internal static ClassifierComparison Of(
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

/// <summary>An image that two classifiers predict differently.</summary>
public sealed record ImageDifference
{
    /// <summary>Its index among the images, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>Its file; null where it is none.</summary>
    public string? Path { get; init; }

    /// <summary>Its class.</summary>
    public required string Label { get; init; }

    /// <summary>The prediction of the first.</summary>
    public required ClassProbability First { get; init; }

    /// <summary>The prediction of the second.</summary>
    public required ClassProbability Second { get; init; }
}
