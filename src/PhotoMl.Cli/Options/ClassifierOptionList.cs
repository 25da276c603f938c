using PhotoMl.Data;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>The options of training a classifier; defaults and ranges are the library's.</summary>
internal sealed class ClassifierOptionList : TrainingOptionList<ClassifierTrainingOptions>
{
    private static readonly ClassifierTrainingOptions Defaults = new();
    private static readonly ClassifierTrainingOptions OfPhotos = ClassifierTrainingOptions.ForPhotos;
    private static readonly PhotoAugmentationOptions Photos = new();

    /// <summary>Creates the options.</summary>
    public static IReadOnlyList<ITrainingOption<ClassifierTrainingOptions>> Create() =>
    [
        Int32("--epochs", $"How often every training image is seen; photos: {OfPhotos.Epochs}.", Defaults.Epochs, (options, value) => options with { Epochs = value }),
        Int32("--batch-size", $"Images per step; photos: {OfPhotos.BatchSize}.", Defaults.BatchSize, (options, value) => options with { BatchSize = value }),
        Double("--learning-rate", $"The highest learning rate; photos: {Values.Show(OfPhotos.LearningRate)}.", Defaults.LearningRate, (options, value) => options with { LearningRate = value }),
        Word("--optimizer", "KIND", "The optimiser", Defaults.Optimizer, (options, value) => options with { Optimizer = value }),
        Word("--schedule", "KIND", "The learning rate", Defaults.Schedule, (options, value) => options with { Schedule = value }),
        Double("--warmup", "The share of the run in which the rate first rises.", Defaults.Warmup, (options, value) => options with { Warmup = value }),
        Double("--momentum", "The momentum of sgd.", Defaults.Momentum, (options, value) => options with { Momentum = value }),
        Double("--weight-decay", $"How weights decay towards zero; photos: {Values.Show(OfPhotos.WeightDecay)}.", Defaults.WeightDecay, (options, value) => options with { WeightDecay = value }),
        Double("--label-smoothing", $"The share of certainty spread over all classes; photos: {Values.Show(OfPhotos.LabelSmoothing)}.", Defaults.LabelSmoothing, (options, value) => options with { LabelSmoothing = value }),
        Word("--balance", "KIND", "What is done for rare classes", Defaults.Balance, (options, value) => options with { Balance = value }),
        Double("--focal-gamma", "How little --balance focal counts what is easy.", Defaults.FocalGamma, (options, value) => options with { FocalGamma = value }),
        Double("--gradient-clip", "The largest norm of the gradients; 0 is off.", Defaults.GradientClip, (options, value) => options with { GradientClip = value }),
        Double("--weight-average", "The decay of the weights' moving average; 0 is off.", Defaults.WeightAverage, (options, value) => options with { WeightAverage = value }),
        Int32("--patience", "Stop after so many epochs that bring nothing; 0 is never.", Defaults.Patience, (options, value) => options with { Patience = value }),
        Word("--best-by", "FIGURE", "What the best epoch is chosen by", Defaults.BestBy, (options, value) => options with { BestBy = value }),
        Double("--validation-share", "The share held out to choose the best epoch by.", Defaults.ValidationShare, (options, value) => options with { ValidationShare = value }),
        .. CreateAugmentation(),
        Int64("--seed", "The seed of everything random.", Defaults.Seed, (options, value) => options with { Seed = value }),
        Word("--precision", "FORMAT", "The number format", Defaults.Precision, (options, value) => options with { Precision = value }),
    ];

    /// <summary>Creates those of how images are varied.</summary>
    public static IReadOnlyList<ITrainingOption<ClassifierTrainingOptions>> CreateAugmentation() =>
    [
        new TrainingOption<ClassifierTrainingOptions, AugmentationKind>(
            "--augmentation", "KIND", $"How images are varied: {Values.Words<AugmentationKind>()}.", AugmentationKind.Auto, Values.ToWord<AugmentationKind>, (options, _) => options),
        Augment("", "How strongly images are varied; 0 is off.", Defaults.Augmentation.Strength, (augmentation, value) => augmentation with { Strength = value }),
        Augment("-shift", "The largest shift, as a share of the size.", Defaults.Augmentation.Shift, (augmentation, value) => augmentation with { Shift = value }),
        Augment("-rotation", "The largest rotation in degrees.", Defaults.Augmentation.Rotation, (augmentation, value) => augmentation with { Rotation = value }),
        Augment("-scale", "The largest change of scale, as a share.", Defaults.Augmentation.Scale, (augmentation, value) => augmentation with { Scale = value }),
        Augment("-shear", "The largest shear, as a share of the height.", Defaults.Augmentation.Shear, (augmentation, value) => augmentation with { Shear = value }),
        Photo("--crop-area", "Photos: the smallest share a crop shows; 1 is off.", Photos.CropArea, (photo, value) => photo with { CropArea = value }),
        Photo("--flip", "Photos: how probable a mirror image is.", Photos.Flip, (photo, value) => photo with { Flip = value }),
        Photo("--rotation", "Photos: the largest rotation in degrees.", Photos.Rotation, (photo, value) => photo with { Rotation = value }),
        Photo(
            "--color-jitter",
            "Photos: the largest change of brightness, contrast and saturation, and of hue a tenth of it.",
            Photos.Brightness,
            (photo, value) => photo with { Brightness = value, Contrast = value, Saturation = value, Hue = value / 10 }),
        Photo("--erasing", "Photos: how probable it is that a part is erased.", Photos.Erasing, (photo, value) => photo with { Erasing = value }),
        new TrainingOption<ClassifierTrainingOptions, int?>(
            "--train-size",
            "N",
            "Photos: their longer side in training. [default: 3/4 of the images']",
            Photos.TrainSize,
            text => Values.ToInt32(text),
            (options, value) => options with { PhotoAugmentation = (options.PhotoAugmentation ?? Photos) with { TrainSize = value } }),
        Double("--mixup", $"The alpha of laying images over each other; 0 is off; photos: {Values.Show(OfPhotos.Mixup)}.", Defaults.Mixup, (options, value) => options with { Mixup = value }),
        Double("--cutmix", "The alpha of pasting parts of others in; 0 is off.", Defaults.CutMix, (options, value) => options with { CutMix = value }),
    ];

    /// <summary>The kind of variation among the options.</summary>
    public static ValueOption<AugmentationKind> KindOf(IEnumerable<ITrainingOption<ClassifierTrainingOptions>> options) =>
        options.OfType<TrainingOption<ClassifierTrainingOptions, AugmentationKind>>().Single();

    private static TrainingOption<ClassifierTrainingOptions, double> Photo(
        string name, string description, double @default, Func<PhotoAugmentationOptions, double, PhotoAugmentationOptions> set) =>
        Double(name, description, @default, (options, value) => options with { PhotoAugmentation = set(options.PhotoAugmentation ?? Photos, value) });

    private static TrainingOption<ClassifierTrainingOptions, double> Augment(string suffix, string description, double @default, Func<AugmentationOptions, double, AugmentationOptions> set) =>
        Double($"--augment{suffix}", description, @default, (options, value) => options with { Augmentation = set(options.Augmentation, value) });
}
