using System.Text.Json.Serialization;
using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>How a classifier is trained; stored in its model file and checkpoints.</summary>
public sealed record ClassifierTrainingOptions : IRunOptions
{
    internal const int LargestBatch = 65_536;

    internal const int SmallestPhoto = 64;
    private const int ImagesOfLabelCheck = 100_000;
    private const string FashionName = "fashion-mnist ";
    private const double LongRunRate = 0.003;
    private const double ShortRunFactor = 10.0 / 3;
    private const double FixMatchThreshold = 0.95;

    /// <summary>A recipe for a ResNet-18 that begins with random weights on some thousands of photos; the other defaults are meant for
    /// digits.</summary>
    /// <remarks>45 epochs, batches of 32, learning rate 0.002, weight decay 0.05, label smoothing 0.1, photo augmentation.
    /// Measured on the clothing photos of <c>tests/acceptance/README.md</c>.</remarks>
    public static ClassifierTrainingOptions ForPhotos { get; } = new()
    {
        Epochs = 45, BatchSize = 32, LearningRate = 0.002, WeightDecay = 0.05, PhotoAugmentation = new(),
        UnlabeledThreshold = FixMatchThreshold,
    };

    /// <summary>A recipe for Fashion-MNIST: articles of clothing, which are themselves when flipped, but not when rotated.</summary>
    /// <remarks>40 epochs, mixup 0.1, flips, crops shifted by at most a pixel. Measured in
    /// <c>tests/acceptance/README.md</c>.</remarks>
    private static ClassifierTrainingOptions ForFashion { get; } = new()
    {
        Epochs = 40, Mixup = 0.1, Augmentation = new() { Flip = 0.5, CropPadding = 1, Shift = 0, Rotation = 0, Scale = 0, Shear = 0 },
    };

    /// <summary>How often every training image is seen. With unlabeled images an epoch has as many steps as see all of these, at seven for
    /// each labeled one, or all labeled ones, whichever are more. Default 10.</summary>
    public int Epochs { get; init => field = Checked.InRange(value, 1, 100_000, nameof(Epochs)); } = 10;

    /// <summary>Images per step. Default 128.</summary>
    public int BatchSize { get; init => field = Checked.InRange(value, 1, LargestBatch, nameof(BatchSize)); } = 128;

    /// <summary>The optimizer. Default AdamW.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>The highest learning rate. Default null, which is 0.003 for a run of ten epochs and more, and more for a shorter one: 0.01
    /// for one epoch.</summary>
    public double? LearningRate { get; init => field = Checked.InRange(value, 1e-9, 1e3, nameof(LearningRate)); }

    /// <summary>How the learning rate changes. Default one cycle.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.OneCycle;

    /// <summary>The share of the run over which the learning rate first rises from zero, in [0, 1]. Default 0.</summary>
    public double Warmup { get; init => field = Checked.InRange(value, 0, 1, nameof(Warmup)); }

    /// <summary>The momentum of <see cref="OptimizerKind.Sgd"/>, in [0, 1). Default 0.9.</summary>
    public double Momentum { get; init => field = Checked.InRange(value, 0, 0.9999, nameof(Momentum)); } = 0.9;

    /// <summary>The decay of weights (not biases) towards zero. Default 0.01.</summary>
    public double WeightDecay { get; init => field = Checked.InRange(value, 0, 10, nameof(WeightDecay)); } = 0.01;

    /// <summary>The share of certainty taken from the true class and spread over all, in [0, 1). Default
    /// 0.1.</summary>
    /// <remarks>C. Szegedy et al., "Rethinking the Inception Architecture", CVPR 2016, section 7.</remarks>
    public double LabelSmoothing { get; init => field = Checked.InRange(value, 0, 0.99, nameof(LabelSmoothing)); } = 0.1;

    /// <summary>How classes that have many more images than others are made up for. Default none.</summary>
    public ClassBalance Balance { get; init; } = ClassBalance.None;

    /// <summary>How little images that are recognized already count under <see cref="ClassBalance.Focal"/>, in [0, 10]; 0 is plain
    /// cross-entropy. Default 2, after Lin et al.</summary>
    public double FocalGamma { get; init => field = Checked.InRange(value, 0, 10, nameof(FocalGamma)); } = 2;

    /// <summary>The largest norm of all gradients together; larger ones are scaled down. 0 is off. Default 0.</summary>
    public double GradientClip { get; init => field = Checked.InRange(value, 0, 1e6, nameof(GradientClip)); }

    /// <summary>The decay of the moving average (EMA) of the weights, which is what is evaluated and kept, in [0, 1). 0 is off. Default
    /// 0.999.</summary>
    public double EmaDecay { get; init => field = Checked.InRange(value, 0, 0.999999, nameof(EmaDecay)); } = 0.999;

    /// <summary>After how many epochs without a better one (by <see cref="Monitor"/>, then loss) the run stops. 0 is never. Default
    /// 0.</summary>
    public int Patience { get; init => field = Checked.InRange(value, 0, 100_000, nameof(Patience)); }

    /// <summary>Which figure of the validation images makes an epoch the best; among equals it is the loss. With unlabeled images the last
    /// epoch is kept. Default accuracy.</summary>
    public MonitoredMetric Monitor { get; init; } = MonitoredMetric.Accuracy;

    /// <summary>The share of the training images that is held out to choose the best epoch by, in (0, 0.5]. Default 1/12.</summary>
    public double ValidationFraction { get; init => field = Checked.InRange(value, 1e-6, 0.5, nameof(ValidationFraction)); } = 1.0 / 12;

    /// <summary>How training images are varied where they are drawings or digits.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>How training images are varied where they are photos; takes the place of <see cref="Augmentation"/>. Default null, which is
    /// off.</summary>
    public PhotoAugmentationOptions? PhotoAugmentation { get; init; }

    /// <summary>How evenly each training image is laid over another: the alpha of mixup, in [0, 100]; 0 is off. Default 0.</summary>
    /// <remarks>H. Zhang et al., "mixup: Beyond Empirical Risk Minimization", ICLR 2018: 0.1 to 0.4 for photos. Of mixed images the
    /// training accuracy is that of the class that most of each shows, so it says less than without. Where <see cref="CutMix"/> is on too,
    /// every step takes one of the two.</remarks>
    public double Mixup { get; init => field = Checked.InRange(value, 0, 100, nameof(Mixup)); }

    /// <summary>How large a part of each training image comes from another: the alpha of CutMix, in [0, 100]; 0 is off, 1 is any part.
    /// Default 0.</summary>
    /// <remarks>S. Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", ICCV
    /// 2019.</remarks>
    public double CutMix { get; init => field = Checked.InRange(value, 0, 100, nameof(CutMix)); }

    /// <summary>How much the loss of unlabeled images counts beside that of the others, in [0, 100]; 0 leaves them out and trains as many
    /// steps. Default 1.</summary>
    /// <remarks>K. Sohn et al., "FixMatch", NeurIPS 2020, lambda in section 2.2.</remarks>
    public double UnlabeledWeight { get; init => field = Checked.InRange(value, 0, 100, nameof(UnlabeledWeight)); } = 1;

    /// <summary>The probability above which a prediction becomes a label where the adaptive threshold is lower, in [0, 1]. Default 0; of a
    /// collection of photos 0.95, because the adaptive one lets nearly all pass before the network has learned much.</summary>
    /// <remarks>K. Sohn et al., "FixMatch", NeurIPS 2020, tau in section 2.2.</remarks>
    public double UnlabeledThreshold { get; init => field = Checked.InRange(value, 0, 1, nameof(UnlabeledThreshold)); }

    /// <summary>The last stage of the network that is frozen, with all before it: its weights and statistics stay as they are. One of
    /// <see cref="Models.ImageClassifier.Stages"/>; null freezes none. Default null.</summary>
    public string? Freeze { get; init; }

    /// <summary>The seed of everything random: the split, the order, the variations. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The dtype of convolutions. Default <see cref="Precision.Auto"/>.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    internal static bool ArePhotos(ImageDataset data) => data.Channels == 3 && Math.Min(data.Height, data.Width) >= SmallestPhoto;

    /// <summary>The options that fit a data set where nothing is said.</summary>
    /// <param name="data">The training images.</param>
    /// <param name="isPhotos">Whether they are a collection of photos, rather than a known set.</param>
    /// <param name="network">The network.</param>
    /// <returns>The options.</returns>
    public static ClassifierTrainingOptions For(ImageDataset data, bool isPhotos, ClassifierArchitecture network)
    {
        ArgumentNullException.ThrowIfNull(data);
        var options = isPhotos && network == ClassifierArchitecture.ResNet18 ? ForPhotos
            : data.Name.StartsWith(FashionName, StringComparison.Ordinal) ? ForFashion
            : new ClassifierTrainingOptions();
        return options with
        {
            PhotoAugmentation = ArePhotos(data) ? new PhotoAugmentationOptions() : null,
            UnlabeledThreshold = isPhotos ? FixMatchThreshold : options.UnlabeledThreshold,
        };
    }

    /// <summary>What is different where most images have no label: predictions that become labels are not smoothed or mixed. Of digits
    /// labeled images are augmented half as much as usual, weak views are shifted by half as much, and strong ones are augmented as
    /// usual. Where a recipe has flips and crops alone, images are shifted and scaled instead of cropped: strong views must differ from
    /// weak ones.</summary>
    internal ClassifierTrainingOptions ForUnlabeled() => this with
    {
        Epochs = 2 * Epochs,
        BatchSize = 32,
        LabelSmoothing = 0,
        Mixup = 0,
        CutMix = 0,
        Augmentation = Augmentation with
        {
            Strength = Augmentation.Strength / 2,
            CropPadding = 0,
            Shift = Augmentation.Shift > 0 ? Augmentation.Shift : new AugmentationOptions().Shift,
            Scale = Augmentation.Scale > 0 ? Augmentation.Scale : new AugmentationOptions().Scale,
        },
    };

    /// <summary>What is different where networks only say which labels are doubtful: fewer epochs, in which few wrong labels are memorized,
    /// but of a few images more, to see as many in all.</summary>
    internal ClassifierTrainingOptions ForLabelCheck(int images) => this with
    {
        Epochs = Math.Clamp(ImagesOfLabelCheck / images, Math.Max(1, Epochs / 3), 10 * Epochs), Mixup = 0, CutMix = 0,
    };

    /// <summary>Completes what depends on the length of the run.</summary>
    internal ClassifierTrainingOptions ForEpochs() => LearningRate is not null
        ? this
        : this with { LearningRate = LongRunRate * Math.Pow(ShortRunFactor, 1 - Math.Log10(Math.Min(10, Epochs))) };

    /// <summary>Completes what depends on the network: a ResNet-18 trains on images of half of their size first, then of three quarters,
    /// in two fifths of the time, and recognizes large ones the better for it.</summary>
    internal ClassifierTrainingOptions ForNetwork(ClassifierArchitecture network, ImageDataset data)
    {
        return network == ClassifierArchitecture.ResNet18 && PhotoAugmentation is { TrainImageSize: null } photo
            ? this with
            {
                PhotoAugmentation = photo with { FirstImageSize = photo.FirstImageSize ?? Size(1, 2), TrainImageSize = Size(3, 4) },
            }
            : this;

        // The shorter side must not be too small either.
        int Size(int part, int whole)
        {
            var (longer, shorter) = (Math.Max(data.Height, data.Width), Math.Min(data.Height, data.Width));
            var smallest = (int)Math.Ceiling((double)ClassifierOptions.SmallestImageOf(network) * longer / shorter);
            return Math.Max(longer * part / whole, smallest);
        }
    }
}

/// <summary>The rule by which weights are moved along their gradients.</summary>
public enum OptimizerKind
{
    /// <summary>Adam; weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}

/// <summary>How the learning rate changes during a run.</summary>
public enum ScheduleKind
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls along half a cosine to zero.</summary>
    Cosine,

    /// <summary>It rises from 1/25 to its peak over the first 30 % of the run, then falls to 1/10,000 of where it began.</summary>
    OneCycle,
}

/// <summary>How training makes up for classes that have many more images than others.</summary>
public enum ClassBalance
{
    /// <summary>Not at all: every image counts the same, so frequent classes count most.</summary>
    None,

    /// <summary>Images of rare classes weigh more in the loss, in inverse proportion to how many there are.</summary>
    Weights,

    /// <summary>Every epoch draws each class equally often, the images of rare ones repeatedly.</summary>
    Sampler,

    /// <summary>Images that are recognised already count less, so that the hard ones lead.</summary>
    Focal,
}

/// <summary>The metric of the validation images that chooses the best epoch.</summary>
public enum MonitoredMetric
{
    /// <summary>The share of images predicted right.</summary>
    Accuracy,

    /// <summary>The mean over the classes of the share of their images predicted right, in which a rare class counts as much as a frequent
    /// one.</summary>
    BalancedAccuracy,
}
