using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>The options of training a generator; defaults and ranges are the library's.</summary>
internal sealed class GanOptionList : TrainingOptionList<GanTrainingOptions>
{
    private static readonly GanTrainingOptions Defaults = new();

    /// <summary>Creates the options.</summary>
    public static IReadOnlyList<ITrainingOption<GanTrainingOptions>> Create() =>
    [
        Int32("--epochs", "How often every training image is seen.", Defaults.Epochs, (options, value) => options with { Epochs = value }),
        Int32("--batch-size", "Images per step.", Defaults.BatchSize, (options, value) => options with { BatchSize = value }),
        Word("--loss", "KIND", "What the networks minimise", Defaults.Loss, (options, value) => options with { Loss = value }),
        Double("--learning-rate", "The learning rate of Adam.", Defaults.LearningRate, (options, value) => options with { LearningRate = value }),
        new TrainingOption<GanTrainingOptions, double?>(
            "--discriminator-rate",
            "X",
            "The discriminator's learning rate. [default: the generator's]",
            Defaults.DiscriminatorRate,
            text => Values.ToDouble(text),
            (options, value) => options with { DiscriminatorRate = value }),
        Double("--beta1", "Adam's decay of the mean gradient.", Defaults.Beta1, (options, value) => options with { Beta1 = value }),
        Double("--beta2", "Adam's decay of the mean squared gradient.", Defaults.Beta2, (options, value) => options with { Beta2 = value }),
        Int32("--discriminator-steps", "The discriminator's steps for each of the generator's.", Defaults.DiscriminatorSteps, (options, value) => options with { DiscriminatorSteps = value }),
        Double("--label-smoothing", "What is taken from the target of real images.", Defaults.LabelSmoothing, (options, value) => options with { LabelSmoothing = value }),
        Double("--weight-average", "The decay of the generator's moving average; 0 is off.", Defaults.WeightAverage, (options, value) => options with { WeightAverage = value }),
        Word("--on-collapse", "ACTION", "What a collapse leads to", Defaults.OnCollapse, (options, value) => options with { OnCollapse = value }),
        Int64("--seed", "The seed of everything random.", Defaults.Seed, (options, value) => options with { Seed = value }),
        Word("--precision", "FORMAT", "The number format", Defaults.Precision, (options, value) => options with { Precision = value }),
    ];
}
