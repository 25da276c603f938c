using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>The options of training a generator by their group; defaults and ranges are the library's.</summary>
internal static class GanOptionList
{
    private static readonly GanTrainingOptions Defaults = new();

    private static readonly TrainingOptionSource<GanTrainingOptions, GanTrainingOptions> Training =
        new(options => options with { }, (_, changed) => changed);

    public static Option[] CreateOptimization() =>
    [
        Training.Of("--epochs", nameof(Defaults.Epochs), "Passes over the training images.", alias: "-e"),
        Training.Of("--batch-size", nameof(Defaults.BatchSize), "Images per step.", alias: "-b"),
        Training.Of("--learning-rate", nameof(Defaults.LearningRate), "The learning rate of Adam.", alias: "--lr"),
        Training.Of(
            "--discriminator-lr", nameof(Defaults.DiscriminatorLearningRate),
            "The discriminator's learning rate. [default: the generator's]"),
        Training.Of("--beta1", nameof(Defaults.Beta1), "Adam's decay of the mean gradient."),
        Training.Of("--beta2", nameof(Defaults.Beta2), "Adam's decay of the mean squared gradient."),
        Training.Of("--loss", nameof(Defaults.Loss), "The loss"),
        Training.Of("--discriminator-steps", nameof(Defaults.DiscriminatorSteps), "Discriminator steps for each generator step."),
        Training.Of(
            "--label-smoothing", nameof(Defaults.LabelSmoothing), "One-sided label smoothing: the target of real images is 1 - X."),
        Training.Of(
            "--ema-decay", nameof(Defaults.EmaDecay), "The decay of the moving average of the generator's weights; 0 is off."),
    ];

    public static Option CreateOnCollapse() =>
        Training.Of("--on-collapse", nameof(Defaults.OnCollapse), "What to do at a mode collapse", "ACTION");

    public static Option[] CreateRun() =>
    [
        Training.Of("--seed", nameof(Defaults.Seed), "The seed of everything random."),
        Training.Of("--precision", nameof(Defaults.Precision), "The dtype of the larger convolutions", "DTYPE"),
    ];
}
