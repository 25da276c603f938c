using PhotoMl.Data;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>The options of training a classifier; defaults and ranges are the library's.</summary>
internal sealed class ClassifierOptionList : TrainingOptionList<ClassifierTrainingOptions>
{
    private static readonly ClassifierTrainingOptions Defaults = new();

    /// <summary>Creates the options.</summary>
    public static IReadOnlyList<ITrainingOption<ClassifierTrainingOptions>> Create() =>
    [
        Int32("--epochs", "How often every training image is seen.", Defaults.Epochs, (options, value) => options with { Epochs = value }),
        Int32("--batch-size", "Images per step.", Defaults.BatchSize, (options, value) => options with { BatchSize = value }),
        Double("--learning-rate", "The highest learning rate.", Defaults.LearningRate, (options, value) => options with { LearningRate = value }),
        Word("--optimizer", "KIND", "The optimiser", Defaults.Optimizer, (options, value) => options with { Optimizer = value }),
        Word("--schedule", "KIND", "The learning rate", Defaults.Schedule, (options, value) => options with { Schedule = value }),
        Double("--warmup", "The share of the run in which the rate first rises.", Defaults.Warmup, (options, value) => options with { Warmup = value }),
        Double("--momentum", "The momentum of sgd.", Defaults.Momentum, (options, value) => options with { Momentum = value }),
        Double("--weight-decay", "How weights decay towards zero.", Defaults.WeightDecay, (options, value) => options with { WeightDecay = value }),
        Double("--label-smoothing", "The share of certainty spread over all classes.", Defaults.LabelSmoothing, (options, value) => options with { LabelSmoothing = value }),
        Word("--balance", "KIND", "What is done for rare classes", Defaults.Balance, (options, value) => options with { Balance = value }),
        Double("--focal-gamma", "How little --balance focal counts what is easy.", Defaults.FocalGamma, (options, value) => options with { FocalGamma = value }),
        Double("--gradient-clip", "The largest norm of the gradients; 0 is off.", Defaults.GradientClip, (options, value) => options with { GradientClip = value }),
        Double("--weight-average", "The decay of the weights' moving average; 0 is off.", Defaults.WeightAverage, (options, value) => options with { WeightAverage = value }),
        Int32("--patience", "Stop after so many epochs that bring nothing; 0 is never.", Defaults.Patience, (options, value) => options with { Patience = value }),
        Word("--best-by", "FIGURE", "What the best epoch is chosen by", Defaults.BestBy, (options, value) => options with { BestBy = value }),
        Double("--validation-share", "The share held out to choose the best epoch by.", Defaults.ValidationShare, (options, value) => options with { ValidationShare = value }),
        Augment("", "How strongly images are varied; 0 is off.", Defaults.Augmentation.Strength, (augmentation, value) => augmentation with { Strength = value }),
        Augment("-shift", "The largest shift, as a share of the size.", Defaults.Augmentation.Shift, (augmentation, value) => augmentation with { Shift = value }),
        Augment("-rotation", "The largest rotation in degrees.", Defaults.Augmentation.Rotation, (augmentation, value) => augmentation with { Rotation = value }),
        Augment("-scale", "The largest change of scale, as a share.", Defaults.Augmentation.Scale, (augmentation, value) => augmentation with { Scale = value }),
        Augment("-shear", "The largest shear, as a share of the height.", Defaults.Augmentation.Shear, (augmentation, value) => augmentation with { Shear = value }),
        Int64("--seed", "The seed of everything random.", Defaults.Seed, (options, value) => options with { Seed = value }),
        Word("--precision", "FORMAT", "The number format", Defaults.Precision, (options, value) => options with { Precision = value }),
    ];

    private static TrainingOption<ClassifierTrainingOptions, double> Augment(string suffix, string description, double @default, Func<AugmentationOptions, double, AugmentationOptions> set) =>
        Double($"--augment{suffix}", description, @default, (options, value) => options with { Augmentation = set(options.Augmentation, value) });
}
