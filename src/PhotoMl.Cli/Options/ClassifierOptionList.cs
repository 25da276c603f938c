using System.CommandLine;
using PhotoMl.Data;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>The options of training a classifier by their group; defaults and ranges are the library's.</summary>
internal sealed class ClassifierOptionList : TrainingOptionList<ClassifierTrainingOptions>
{
    private static readonly ClassifierTrainingOptions Defaults = new();
    private static readonly ClassifierTrainingOptions OfPhotos = ClassifierTrainingOptions.ForPhotos;
    private static readonly PhotoAugmentationOptions Photos = new();

    public static Option[] CreateOptimization() =>
    [
        Short(
            "-e",
            Int32(
                "--epochs", "Passes over the training images.", Defaults.Epochs, (options, value) => options with { Epochs = value },
                OfPhotos.Epochs)),
        Short(
            "-b",
            Int32(
                "--batch-size", "Images per step.", Defaults.BatchSize, (options, value) => options with { BatchSize = value },
                OfPhotos.BatchSize)),
        Short(
            "--lr",
            Double(
                "--learning-rate", "The peak learning rate.", Defaults.LearningRate,
                (options, value) => options with { LearningRate = value }, OfPhotos.LearningRate)),
        Word("--optimizer", "KIND", "The optimizer", Defaults.Optimizer, (options, value) => options with { Optimizer = value }),
        Word("--schedule", "KIND", "The learning rate schedule", Defaults.Schedule, (options, value) => options with { Schedule = value }),
        Double(
            "--warmup",
            "The fraction of the run over which the rate rises from zero.",
            Defaults.Warmup,
            (options, value) => options with { Warmup = value }),
        Double("--momentum", "The momentum of sgd.", Defaults.Momentum, (options, value) => options with { Momentum = value }),
        Double(
            "--weight-decay", "The weight decay.", Defaults.WeightDecay, (options, value) => options with { WeightDecay = value },
            OfPhotos.WeightDecay),
        Double(
            "--label-smoothing", "Label smoothing.", Defaults.LabelSmoothing, (options, value) => options with { LabelSmoothing = value },
            OfPhotos.LabelSmoothing),
        Word(
            "--balance", "KIND", "How class imbalance is compensated", Defaults.Balance,
            (options, value) => options with { Balance = value }),
        Double(
            "--focal-gamma", "The gamma of --balance focal.", Defaults.FocalGamma, (options, value) => options with { FocalGamma = value }),
        Double(
            "--gradient-clip",
            "Clip the gradients' global norm; 0 is off.",
            Defaults.GradientClip,
            (options, value) => options with { GradientClip = value }),
        Double(
            "--ema-decay",
            "The decay of the moving average of the weights; 0 is off.",
            Defaults.EmaDecay,
            (options, value) => options with { EmaDecay = value }),
    ];

    public static Option[] CreateAugmentation() =>
    [
        new TrainingOption<ClassifierTrainingOptions, AugmentationKind>(
            "--augmentation",
            "KIND",
            $"How images are augmented: {Values.Words<AugmentationKind>()}; auto is photo for color images of 64 pixels and more, else "
                + "affine.",
            AugmentationKind.Auto,
            Values.ToWord<AugmentationKind>,
            (options, _) => options),
        Affine(
            "strength",
            "affine: multiplies the four options below; 0 is off.",
            Defaults.Augmentation.Strength,
            (affine, value) => affine with { Strength = value }),
        Affine(
            "shift",
            "affine: the largest shift, as a fraction of the size.",
            Defaults.Augmentation.Shift,
            (affine, value) => affine with { Shift = value }),
        Affine(
            "rotation",
            "affine: the largest rotation in degrees.",
            Defaults.Augmentation.Rotation,
            (affine, value) => affine with { Rotation = value }),
        Affine(
            "scale",
            "affine: the largest change of scale, as a fraction.",
            Defaults.Augmentation.Scale,
            (affine, value) => affine with { Scale = value }),
        Affine(
            "shear",
            "affine: the largest shear, as a fraction of the height.",
            Defaults.Augmentation.Shear,
            (affine, value) => affine with { Shear = value }),
        Photo(
            "--crop-area",
            "photo: the smallest fraction a random crop covers; 1 is off.",
            Photos.CropArea,
            (photo, value) => photo with { CropArea = value }),
        Photo("--flip", "photo: the probability of a horizontal flip.", Photos.Flip, (photo, value) => photo with { Flip = value }),
        Photo("--rotation", "photo: the largest rotation in degrees.", Photos.Rotation, (photo, value) => photo with { Rotation = value }),
        Photo(
            "--color-jitter",
            "photo: the largest change of brightness, contrast and saturation; of hue a tenth of it.",
            Photos.Brightness,
            (photo, value) => photo with { Brightness = value, Contrast = value, Saturation = value, Hue = value / 10 }),
        Photo("--erasing", "photo: the probability of random erasing.", Photos.Erasing, (photo, value) => photo with { Erasing = value }),
        new TrainingOption<ClassifierTrainingOptions, int?>(
            "--train-image-size",
            "N",
            "photo: the longer side of training images. [default: 3/4 of --image-size with resnet18]",
            Photos.TrainImageSize,
            text => Values.ToInt32(text),
            (options, value) => options with { PhotoAugmentation = (options.PhotoAugmentation ?? Photos) with { TrainImageSize = value } }),
        Double(
            "--mixup", "The alpha of mixup; 0 is off.", Defaults.Mixup, (options, value) => options with { Mixup = value }, OfPhotos.Mixup),
        Double("--cutmix", "The alpha of CutMix; 0 is off.", Defaults.CutMix, (options, value) => options with { CutMix = value }),
    ];

    public static Option[] CreateEvaluation() =>
    [
        Double(
            "--val-fraction",
            "The fraction held out for validation, where the data has no such split.",
            Defaults.ValidationFraction,
            (options, value) => options with { ValidationFraction = value }),
        Word(
            "--monitor", "METRIC", "The validation metric that chooses the best epoch", Defaults.Monitor,
            (options, value) => options with { Monitor = value }),
        Int32(
            "--patience",
            "Stop after N epochs without improvement; 0 is never.",
            Defaults.Patience,
            (options, value) => options with { Patience = value }),
    ];

    public static Option[] CreateRun() =>
    [
        Int64("--seed", "The seed of everything random.", Defaults.Seed, (options, value) => options with { Seed = value }),
        Word(
            "--precision", "DTYPE", "The dtype of convolutions", Defaults.Precision,
            (options, value) => options with { Precision = value }),
    ];

    /// <summary>The kind of augmentation among the options.</summary>
    public static ValueOption<AugmentationKind> KindOf(IEnumerable<Option> options) =>
        options.OfType<ValueOption<AugmentationKind>>().Single();

    private static Option Photo(
        string name, string description, double @default, Func<PhotoAugmentationOptions, double, PhotoAugmentationOptions> set) =>
        Double(
            name,
            description,
            @default,
            (options, value) => options with { PhotoAugmentation = set(options.PhotoAugmentation ?? Photos, value) });

    private static Option Affine(
        string name, string description, double @default, Func<AugmentationOptions, double, AugmentationOptions> set) =>
        Double(
            $"--augment-{name}",
            description,
            @default,
            (options, value) => options with { Augmentation = set(options.Augmentation, value) });
}
