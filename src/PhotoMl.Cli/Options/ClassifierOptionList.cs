using PhotoMl.Data;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>The options of training a classifier by their group; defaults and ranges are the library's.</summary>
internal static class ClassifierOptionList
{
    private static readonly ClassifierTrainingOptions Defaults = new();
    private static readonly PhotoAugmentationOptions Photos = new();

    private static readonly PropertyOptionSource<ClassifierTrainingOptions, ClassifierTrainingOptions> Training =
        new(options => options with { }, (_, changed) => changed, ClassifierTrainingOptions.ForPhotos);

    private static readonly PropertyOptionSource<ClassifierTrainingOptions, AugmentationOptions> Affine =
        new(options => options.Augmentation with { }, (options, affine) => options with { Augmentation = affine });

    private static readonly PropertyOptionSource<ClassifierTrainingOptions, PhotoAugmentationOptions> Photo =
        new(options => (options.PhotoAugmentation ?? Photos) with { }, (options, photo) => options with { PhotoAugmentation = photo });

    public static Option[] CreateOptimization() =>
    [
        Training.Of("--epochs", nameof(Defaults.Epochs), "Passes over the training images.", alias: "-e"),
        Training.Of("--batch-size", nameof(Defaults.BatchSize), "Images per step.", alias: "-b"),
        Training.Of(
            "--learning-rate", nameof(Defaults.LearningRate),
            "The peak learning rate. [default: 0.003, 0.01 for one epoch; photos: 0.002]", alias: "--lr"),
        Training.Of("--optimizer", nameof(Defaults.Optimizer), "The optimizer"),
        Training.Of("--schedule", nameof(Defaults.Schedule), "The learning rate schedule"),
        Training.Of("--warmup", nameof(Defaults.Warmup), "The fraction of the run over which the rate rises from zero."),
        Training.Of("--momentum", nameof(Defaults.Momentum), "The momentum of sgd."),
        Training.Of("--weight-decay", nameof(Defaults.WeightDecay), "The weight decay."),
        Training.Of("--label-smoothing", nameof(Defaults.LabelSmoothing), "Label smoothing."),
        Training.Of("--balance", nameof(Defaults.Balance), "How class imbalance is compensated"),
        Training.Of("--focal-gamma", nameof(Defaults.FocalGamma), "The gamma of --balance focal."),
        Training.Of("--gradient-clip", nameof(Defaults.GradientClip), "Clip the gradients' global norm; 0 is off."),
        Training.Of("--ema-decay", nameof(Defaults.EmaDecay), "The decay of the moving average of the weights; 0 is off."),
    ];

    public static Option[] CreateUnlabeled() =>
    [
        Training.Of(
            "--unlabeled-weight", nameof(Defaults.UnlabeledWeight),
            "The weight of the unlabeled loss; 0 trains on the labels alone, for as many steps."),
        Training.Of(
            "--unlabeled-threshold", nameof(Defaults.UnlabeledThreshold),
            "The least probability of a prediction that becomes a label, where the adaptive threshold is lower."),
    ];

    public static ValueOption<AugmentationKind> CreateAugmentationKind() => new(
        "--augmentation",
        "KIND",
        $"How images are augmented: {Values.Words(typeof(AugmentationKind))}; auto is photo for color images of 64 pixels and more, "
            + "else affine.",
        AugmentationKind.Auto);

    public static Option[] CreateAugmentation() =>
    [
        Affine.Of("--augment-strength", nameof(AugmentationOptions.Strength), "affine: multiplies the limits below; 0 is off."),
        Affine.Of("--augment-flip", nameof(AugmentationOptions.Flip), "affine: the fraction of the epochs in which an image is flipped."),
        Affine.Of("--augment-crop", nameof(AugmentationOptions.CropPadding), "affine: the padding of random crops in pixels; 0 is off."),
        Affine.Of("--augment-shift", nameof(AugmentationOptions.Shift), "affine: the largest shift, as a fraction of the size."),
        Affine.Of("--augment-rotation", nameof(AugmentationOptions.Rotation), "affine: the largest rotation in degrees."),
        Affine.Of("--augment-scale", nameof(AugmentationOptions.Scale), "affine: the largest change of scale, as a fraction."),
        Affine.Of("--augment-shear", nameof(AugmentationOptions.Shear), "affine: the largest shear, as a fraction of the height."),
        Photo.Of("--crop-area", nameof(Photos.CropArea), "photo: the smallest fraction a random crop covers; 1 is off."),
        Photo.Of("--flip", nameof(Photos.Flip), "photo: the fraction of the epochs in which a photo is flipped."),
        Photo.Of("--rotation", nameof(Photos.Rotation), "photo: the largest rotation in degrees."),
        new PropertyOption<ClassifierTrainingOptions>(
            "--color-jitter",
            "X",
            "photo: the largest change of brightness, contrast and saturation; of hue a tenth of it.",
            typeof(double),
            Photos.Brightness,
            options => (options.PhotoAugmentation ?? Photos).Brightness,
            (options, value) => options with { PhotoAugmentation = Jitter(options.PhotoAugmentation ?? Photos, (double)value) }),
        Photo.Of("--erasing", nameof(Photos.Erasing), "photo: the probability of random erasing."),
        Photo.Of(
            "--train-image-size", nameof(Photos.TrainImageSize),
            "photo: the longer side of training images. [default: 3/4 of --image-size with resnet18]"),
        Photo.Of(
            "--first-image-size", nameof(Photos.FirstImageSize),
            "photo: the same in the first half of the epochs. [default: half of --image-size, if the one above is not given]"),
        Training.Of("--mixup", nameof(Defaults.Mixup), "The alpha of mixup; 0 is off."),
        Training.Of("--cutmix", nameof(Defaults.CutMix), "The alpha of CutMix; 0 is off."),
    ];

    public static Option[] CreateEvaluation() =>
    [
        Training.Of(
            "--val-fraction", nameof(Defaults.ValidationFraction),
            "The fraction held out for validation, where the data has no such split."),
        Training.Of("--monitor", nameof(Defaults.Monitor), "The validation metric that chooses the best epoch", "METRIC"),
    ];

    public static Option CreatePatience() =>
        Training.Of("--patience", nameof(Defaults.Patience), "Stop after N epochs without improvement; 0 is never.");

    public static Option[] CreateRun() =>
    [
        Training.Of("--seed", nameof(Defaults.Seed), "The seed of everything random."),
        Training.Of("--precision", nameof(Defaults.Precision), "The dtype of convolutions", "DTYPE"),
    ];

    private static PhotoAugmentationOptions Jitter(PhotoAugmentationOptions photo, double value) =>
        photo with { Brightness = value, Contrast = value, Saturation = value, Hue = value / 10 };
}
