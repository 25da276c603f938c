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
        AddOptions(network: [Network, ImageSize, Weights, Freeze], helpers: []);
        Add(CacheLimit);
        Add(PerClass);
    }

    public ValueOption<ClassifierArchitecture?> Network { get; } = new(
        "--network",
        "NAME",
        $"The network: {Values.Words<ClassifierArchitecture>()}. [default: resnet18 for photos, else convnet]",
        null,
        text => Values.ToWord<ClassifierArchitecture>(text));

    public ValueOption<int?> ImageSize { get; } = new(
        "--image-size",
        "N",
        "The height and width of the images. [default: 96 for photos, else as stored]",
        null,
        text => Values.Int32Between(ClassifierOptions.SmallestImage, 4096)(text));

    public ValueOption<string?> Weights { get; } =
        new("--weights", "FILE", "Begin with the weights of a model, or of torchvision's resnet18 in safetensors.", null, Values.ToText);

    public ValueOption<string?> Freeze { get; } =
        new("--freeze", "STAGE", "Leave the weights up to this stage as they are: stem or layer1 to layer4; conv1 to conv3 or dense1.", null, Values.ToText);

    public ValueOption<double> CacheLimit { get; } = CommonOptions.CacheLimit();

    public Option<bool> PerClass { get; } = new("--per-class") { Description = "Show at the end how well each class is told." };

    /// <inheritdoc/>
    public override ClassifierTrainingOptions ReadTraining(ParseResult arguments)
    {
        var stage = Freeze.Read(arguments);
        return stage is null || Weights.IsGiven(arguments)
            ? base.ReadTraining(arguments) with { Freeze = stage }
            : throw new UsageException($"{Freeze.Name}: expected {Weights.Name} too, for random weights are not worth keeping");
    }
}
