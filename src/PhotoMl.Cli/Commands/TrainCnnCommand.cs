using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn</c> takes.</summary>
internal sealed class TrainCnnCommand : TrainingCommand<ClassifierTrainingOptions>
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "train-cnn";

    public TrainCnnCommand()
        : base(CommandName, "Train the convolutional classifier.", ClassifierOptionList.Create())
    {
        AddOptions(network: [], helpers: []);
        Add(PerClass);
    }

    public Option<bool> PerClass { get; } = new("--per-class") { Description = "Show at the end how well each class is told." };
}
