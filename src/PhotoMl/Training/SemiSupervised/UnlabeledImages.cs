using PhotoMl.Data;

namespace PhotoMl.Training;

/// <summary>The unlabeled images of a run: a weak and a strong view of each in every epoch.</summary>
internal sealed class UnlabeledImages
{
    // As many in a step for each labeled one as FixMatch has.
    private const int UnlabeledRatio = 7;

    private readonly PseudoLabels _pseudoLabels;
    private readonly ClassifierBatches _strong;
    private readonly long[] _known;
    private readonly double _minimum;

    /// <summary>Takes images, whose labels are only compared with, where the name of the class is one of the network's, and repeats them
    /// where they give fewer steps an epoch than the least.</summary>
    /// <exception cref="ArgumentException">The pseudo-labels are of other classes or images.</exception>
    public UnlabeledImages(
        ImageDataset data, IReadOnlyList<string> classNames, ClassifierTrainingOptions options, PseudoLabels pseudoLabels, int leastSteps)
    {
        if ((pseudoLabels.ClassMeans.Length, pseudoLabels.Used.Length) != (classNames.Count, (data.Count + 7) / 8))
        {
            throw new ArgumentException($"Expected pseudo-labels of {data.Count} images in {classNames.Count} classes but got others.");
        }

        (_pseudoLabels, _minimum) = (pseudoLabels, options.UnlabeledThreshold);
        long[] all = [.. Enumerable.Range(0, data.Count)];
        var batch = (int)Math.Min(Math.Min(data.Count, ClassifierTrainingOptions.LargestBatch), (long)UnlabeledRatio * options.BatchSize);
        var views = options with { BatchSize = batch, Mixup = 0, CutMix = 0, Balance = default };
        var steps = Math.Max(leastSteps, (data.Count + batch - 1) / batch); // all batches are of one size
        WeakViews = new ClassifierBatches(data, all, Weak(views), steps, RandomStream.WeakAugmentation);
        _strong = new ClassifierBatches(data, all, Strong(views), steps, RandomStream.StrongAugmentation);
        long[] labels = [.. data.ClassNames.Select(name => (long)classNames.ToList().IndexOf(name))];
        _known = Array.ConvertAll(ClassifierBatches.Labels(data, all), label => labels[label]);
    }

    /// <summary>The weak views; in an epoch each image is seen about once, or more often where the labeled ones need more steps.</summary>
    public ClassifierBatches WeakViews { get; }

    /// <summary>Chooses the pseudo-labels of a step by logits, (N, classes), of images, (N, C, H, W), and gives the strong views.</summary>
    public PseudoLabelBatch Get(int epoch, int step, Func<Tensor, Tensor> predict)
    {
        using var scope = NewDisposeScope();
        var images = WeakViews.Taken(epoch, step);
        var logits = predict(WeakViews.Get(epoch, step).Images);
        var (labels, weights) = _pseudoLabels.Choose(nn.functional.softmax(logits, 1), images, _minimum);
        var strong = _strong.Get(epoch, step).Images.MoveToOuterDisposeScope();
        return new PseudoLabelBatch(strong, labels, weights, Array.ConvertAll(images, image => _known[image]));
    }

    // What is left of the augmentation must not change what is seen: flips, small shifts, large crops.
    private static ClassifierTrainingOptions Weak(ClassifierTrainingOptions options) => options with
    {
        Augmentation = options.Augmentation with { Rotation = 0, Scale = 0, Shear = 0 },
        PhotoAugmentation = options.PhotoAugmentation is not { } photo ? null : photo with
        {
            CropArea = Math.Max(photo.CropArea, 0.7), Rotation = 0, Brightness = 0, Contrast = 0, Saturation = 0, Hue = 0, Erasing = 0,
        },
    };

    private static ClassifierTrainingOptions Strong(ClassifierTrainingOptions options) => options with
    {
        Augmentation = options.Augmentation with { Strength = Math.Min(2 * options.Augmentation.Strength, 4) },
        PhotoAugmentation = options.PhotoAugmentation is not { } photo ? null : photo with
        {
            Brightness = Math.Min(2 * photo.Brightness, 1),
            Contrast = Math.Min(2 * photo.Contrast, 1),
            Saturation = Math.Min(2 * photo.Saturation, 1),
            Erasing = 1,
        },
    };
}

/// <summary>Strong views of unlabeled images, (N, C, H, W), with the pseudo-labels of their weak views, the weight of each, 1 where it is
/// used, else 0, and the class where it is known, else -1.</summary>
internal sealed record PseudoLabelBatch(Tensor Images, long[] Labels, float[] Weights, long[] Known)
{
    /// <summary>Counts the used images, those of them whose class is known, and the right ones of these.</summary>
    public (long Used, long Known, long Right) Count()
    {
        int[] used = [.. Enumerable.Range(0, Labels.Length).Where(i => Weights[i] > 0)];
        int[] known = [.. used.Where(i => Known[i] >= 0)];
        return (used.Length, known.Length, known.Count(i => Labels[i] == Known[i]));
    }
}
