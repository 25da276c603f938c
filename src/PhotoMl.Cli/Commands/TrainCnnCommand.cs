using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Data;
using PhotoMl.Kernels;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn</c> takes.</summary>
internal sealed class TrainCnnCommand : TrainingCommand<ClassifierTrainingOptions>
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "train-cnn";

    private readonly ValueOption<AugmentationKind> _augmentation;

    public TrainCnnCommand()
        : this(ClassifierOptionList.Create())
    {
    }

    private TrainCnnCommand(IReadOnlyList<ITrainingOption<ClassifierTrainingOptions>> training)
        : base(CommandName, "Train the convolutional classifier.", training)
    {
        _augmentation = ClassifierOptionList.KindOf(training);
        AddOptions(network: [Network, ImageSize, Weights, Freeze], helpers: [Split, Folds]);
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
        "The height and width of the images. [default: 128 for photos, else as stored]",
        null,
        text => Values.Int32Between(ClassifierOptions.SmallestImage, 4096)(text));

    public ValueOption<string?> Weights { get; } =
        new("--weights", "FILE", "Begin with the weights of a model, or of torchvision's resnet18 (safetensors or PyTorch state_dict file).", null, Values.ToText);

    public ValueOption<string?> Freeze { get; } =
        new("--freeze", "STAGE", "Leave the weights up to this stage as they are: stem or layer1 to layer4; conv1 to conv3 or dense1.", null, Values.ToText);

    public ValueOption<ValidationSplit?> Split { get; } = new(
        "--split",
        "KIND",
        "How photos are set aside: grouped keeps near duplicates together, or random. [default: grouped]",
        null,
        text => Values.ToWord<ValidationSplit>(text));

    public ValueOption<int?> Folds { get; } = new(
        "--folds",
        "K",
        "Cross-validate: train K times, each judged by a part it never saw.",
        null,
        text => Values.Int32Between(2, 100)(text));

    public ValueOption<double> CacheLimit { get; } = CommonOptions.CacheLimit();

    public Option<bool> PerClass { get; } = new("--per-class") { Description = "Show at the end how well each class is told." };

    /// <summary>The run that the command line asks for.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public ClassifierRunOptions ReadRun(ParseResult arguments, DatasetLoadOptions loading)
    {
        var kind = _augmentation.Read(arguments);
        AugmentationChoice.Check(kind, ReadTraining(arguments));
        if (Freeze.IsGiven(arguments) && !Weights.IsGiven(arguments))
        {
            throw new UsageException($"{Freeze.Name}: expected {Weights.Name} too, for random weights are not worth keeping");
        }

        return new ClassifierRunOptions
        {
            Training = defaults => AugmentationChoice.Apply(kind, ReadTraining(arguments, defaults) with { Freeze = Freeze.Read(arguments) }),
            Network = Network.Read(arguments),
            Weights = Weights.Read(arguments),
            Limit = Limit.Read(arguments),
            Split = Split.Read(arguments),
            Threads = Threads.Read(arguments),
            Loading = loading with { ImageSize = ImageSize.Read(arguments), CacheLimit = CommonOptions.ToBytes(CacheLimit.Read(arguments)) },
        };
    }
}
