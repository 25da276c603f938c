using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Models;
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
        AddOptions(network: [ImageSize], helpers: []);
        Add(CacheLimit);
        Add(PerClass);
    }

    public ValueOption<int?> ImageSize { get; } = new(
        "--image-size",
        "N",
        "The height and width of the images. [default: 96 for photos, else as stored]",
        null,
        text => Values.Int32Between(ClassifierOptions.SmallestImage, 4096)(text));

    public ValueOption<double> CacheLimit { get; } = CommonOptions.CacheLimit();

    public Option<bool> PerClass { get; } = new("--per-class") { Description = "Show at the end how well each class is told." };
}
