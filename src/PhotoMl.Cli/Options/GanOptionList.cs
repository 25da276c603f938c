using System.CommandLine;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>The options of training a generator by their group; defaults and ranges are the library's.</summary>
internal sealed class GanOptionList : TrainingOptionList<GanTrainingOptions>
{
    private static readonly GanTrainingOptions Defaults = new();

    public static Option[] CreateOptimization() =>
    [
        Short(
            "-e",
            Int32("--epochs", "Passes over the training images.", Defaults.Epochs, (options, value) => options with { Epochs = value })),
        Short("-b", Int32("--batch-size", "Images per step.", Defaults.BatchSize, (options, value) => options with { BatchSize = value })),
        Short(
            "--lr",
            Double(
                "--learning-rate",
                "The learning rate of Adam.",
                Defaults.LearningRate,
                (options, value) => options with { LearningRate = value })),
        new TrainingOption<GanTrainingOptions, double?>(
            "--discriminator-lr",
            "X",
            "The discriminator's learning rate. [default: the generator's]",
            Defaults.DiscriminatorLearningRate,
            text => Values.ToDouble(text),
            (options, value) => options with { DiscriminatorLearningRate = value }),
        Double("--beta1", "Adam's decay of the mean gradient.", Defaults.Beta1, (options, value) => options with { Beta1 = value }),
        Double("--beta2", "Adam's decay of the mean squared gradient.", Defaults.Beta2, (options, value) => options with { Beta2 = value }),
        Word("--loss", "KIND", "The loss", Defaults.Loss, (options, value) => options with { Loss = value }),
        Int32(
            "--discriminator-steps",
            "Discriminator steps for each generator step.",
            Defaults.DiscriminatorSteps,
            (options, value) => options with { DiscriminatorSteps = value }),
        Double(
            "--label-smoothing",
            "One-sided label smoothing: the target of real images is 1 - X.",
            Defaults.LabelSmoothing,
            (options, value) => options with { LabelSmoothing = value }),
        Double(
            "--ema-decay",
            "The decay of the moving average of the generator's weights; 0 is off.",
            Defaults.EmaDecay,
            (options, value) => options with { EmaDecay = value }),
    ];

    public static Option CreateOnCollapse() =>
        Word(
            "--on-collapse", "ACTION", "What to do at a mode collapse", Defaults.OnCollapse,
            (options, value) => options with { OnCollapse = value });

    public static Option[] CreateRun() =>
    [
        Int64("--seed", "The seed of everything random.", Defaults.Seed, (options, value) => options with { Seed = value }),
        Word(
            "--precision", "DTYPE", "The dtype of the larger convolutions", Defaults.Precision,
            (options, value) => options with { Precision = value }),
    ];
}
