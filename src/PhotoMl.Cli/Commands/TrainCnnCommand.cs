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
        : base(CommandName, "Train the convolutional classifier.", ClassifierOptionList.Create()) => AddOptions(network: [Network, Weights, Freeze], helpers: []);

    public ValueOption<ClassifierArchitecture?> Network { get; } = new(
        "--network",
        "NAME",
        $"The network: {Values.Words<ClassifierArchitecture>()}. [default: resnet18 for photos, else convnet]",
        null,
        text => Values.ToWord<ClassifierArchitecture>(text));

    public ValueOption<string?> Weights { get; } =
        new("--weights", "FILE", "Begin with the weights of a model, or of torchvision's resnet18 in safetensors.", null, Values.ToText);

    public ValueOption<string?> Freeze { get; } =
        new("--freeze", "STAGE", "Leave the weights up to this stage as they are: stem or layer1 to layer4; conv1 to conv3 or dense1.", null, Values.ToText);

    /// <inheritdoc/>
    public override ClassifierTrainingOptions ReadTraining(ParseResult arguments)
    {
        var stage = Freeze.Read(arguments);
        return stage is null || Weights.IsGiven(arguments)
            ? base.ReadTraining(arguments) with { Freeze = stage }
            : throw new UsageException($"{Freeze.Name}: expected {Weights.Name} too, for random weights are not worth keeping");
    }
}
