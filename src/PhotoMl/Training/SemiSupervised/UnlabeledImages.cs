using PhotoMl.Data;

namespace PhotoMl.Training;

/// <summary>The unlabeled images of a run: a weak and a strong view of each in every epoch, and the loss of the strong one.</summary>
internal sealed class UnlabeledImages
{
    private readonly ClassifierTrainingOptions _options;
    private readonly PseudoLabelState _state;
    private readonly ClassifierBatches _weak;
    private readonly ClassifierBatches _strong;
    private readonly long[] _known;

    /// <param name="data">The images; their labels are only compared with, where the name of the class is one of the network's.</param>
    /// <param name="classNames">The classes of the network.</param>
    /// <param name="options">How the network is trained.</param>
    /// <param name="state">What pseudo-labels depend on.</param>
    public UnlabeledImages(
        ImageDataset data, IReadOnlyList<string> classNames, ClassifierTrainingOptions options, PseudoLabelState state)
    {
        (_options, _state) = (options, state);
        long[] all = [.. Enumerable.Range(0, data.Count)];
        var views = options with { BatchSize = options.BatchSize * options.UnlabeledRatio, Mixup = 0, CutMix = 0, Balance = default };
        _weak = new ClassifierBatches(data, all, WeakViews(views));
        _strong = new ClassifierBatches(data, all, StrongViews(views), variations: RandomStream.StrongAugmentation);
        long[] labels = [.. data.ClassNames.Select(name => (long)classNames.ToList().IndexOf(name))];
        _known = Array.ConvertAll(ClassifierBatches.Labels(data, all), label => labels[label]);
    }

    /// <summary>The number of steps in which each image is seen once.</summary>
    public int StepsPerEpoch => _weak.PerEpoch;

    /// <summary>Gives the weak views of a step.</summary>
    public Tensor Weak(int epoch, int step) => _weak.Get(epoch, step).Images;

    /// <summary>Chooses the pseudo-labels of a step, and gives the strong views.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="step">The step of the epoch.</param>
    /// <param name="predict">Gives logits, (N, classes), of images, (N, C, H, W).</param>
    public PseudoLabelBatch Get(int epoch, int step, Func<Tensor, Tensor> predict)
    {
        using var scope = NewDisposeScope();
        var images = _weak.Taken(epoch, step);
        var probabilities = nn.functional.softmax(predict(Weak(epoch, step)), 1);
        var (labels, weights) = new PseudoLabels(_state).Choose(probabilities, images);
        var known = Array.ConvertAll(images, image => _known[image]);
        return new PseudoLabelBatch(_strong.Get(epoch, step).Images.MoveToOuterDisposeScope(), labels, weights, known);
    }

    // What is left of the augmentation must not change what is seen: flips, small shifts.
    private static ClassifierTrainingOptions WeakViews(ClassifierTrainingOptions options) => options with
    {
        Augmentation = options.Augmentation with { Rotation = 0, Scale = 0, Shear = 0 },
        PhotoAugmentation = options.PhotoAugmentation is not { } photo ? null : PhotoAugmentationOptions.None with
        {
            Flip = photo.Flip,
            CropArea = Math.Max(photo.CropArea, 0.7),
            FirstImageSize = photo.FirstImageSize,
            TrainImageSize = photo.TrainImageSize,
        },
    };

    private static ClassifierTrainingOptions StrongViews(ClassifierTrainingOptions options) => options with
    {
        Augmentation = options.Augmentation with { Strength = Math.Min(2 * options.Augmentation.Strength, 4) },
        PhotoAugmentation = options.PhotoAugmentation is not { } photo ? null : photo with
        {
            Brightness = Math.Min(2 * photo.Brightness, 1),
            Contrast = Math.Min(2 * photo.Contrast, 1),
            Saturation = Math.Min(2 * photo.Saturation, 1),
            Hue = Math.Min(2 * photo.Hue, 0.5),
            Erasing = 1,
        },
    };
}

/// <summary>Strong views of unlabeled images and the pseudo-labels of their weak ones.</summary>
/// <param name="Images">Images, (N, C, H, W), float32 in [0, 1].</param>
/// <param name="Labels">The pseudo-label of each.</param>
/// <param name="Weights">1 where it is used, else 0.</param>
/// <param name="Known">The class of each where it is known, else -1.</param>
internal sealed record PseudoLabelBatch(Tensor Images, long[] Labels, float[] Weights, long[] Known)
{
    public long CountUsed => Weights.Count(weight => weight > 0);

    /// <summary>Counts the used ones whose class is known, and the right ones of these.</summary>
    public (long Right, long Known) Compare()
    {
        int[] compared = [.. Enumerable.Range(0, Labels.Length).Where(i => Weights[i] > 0 && Known[i] >= 0)];
        return (compared.Count(i => Labels[i] == Known[i]), compared.Length);
    }
}
