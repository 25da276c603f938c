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
        : base(CommandName, "Train a classifier.")
    {
        var augmentation = ClassifierOptionList.CreateAugmentation();
        _augmentation = ClassifierOptionList.KindOf(augmentation);
        AddGroups(
            ("Data", [Data, Limit, ImageSize, Split, CacheLimit]),
            ("Network", [Network, Weights, Freeze]),
            ("Optimization", ClassifierOptionList.CreateOptimization()),
            ("Augmentation", augmentation),
            ("Evaluation", [.. ClassifierOptionList.CreateEvaluation(), Folds, PerClass]),
            ("Run", [Output, Resume, .. ClassifierOptionList.CreateRun(), Threads, Json, Quiet]));
    }

    public ValueOption<ClassifierArchitecture?> Network { get; } = new(
        "--network",
        "NAME",
        $"The network: {Values.Words<ClassifierArchitecture>()}. [default: resnet18 for a folder of color photos of 64 pixels and more, else convnet]",
        null,
        text => Values.ToWord<ClassifierArchitecture>(text));

    public ValueOption<int?> ImageSize { get; } = new(
        "--image-size",
        "N",
        "The height and width of the images. [default: 128 for photos, else as stored]",
        null,
        text => Values.Int32Between(ClassifierOptions.SmallestImage, 4096)(text));

    public ValueOption<string?> Weights { get; } =
        new("--weights", "FILE", "Start from the weights of a model file, or of torchvision's resnet18 (safetensors, or a state_dict saved by PyTorch).", null, Values.ToText);

    public ValueOption<string?> Freeze { get; } =
        new("--freeze", "STAGE", "Freeze the weights up to this stage: stem or layer1 to layer4 of resnet18, conv1 to conv3 or dense1 of convnet.", null, Values.ToText);

    public ValueOption<ValidationSplit?> Split { get; } = new(
        "--split",
        "KIND",
        "How validation photos are held out: grouped keeps near duplicates on one side, or random. [default: grouped]",
        null,
        text => Values.ToWord<ValidationSplit>(text));

    public ValueOption<int?> Folds { get; } = new(
        "--folds",
        "K",
        "Cross-validate: train K times, each evaluated on the part it never saw.",
        null,
        text => Values.Int32Between(2, 100)(text));

    public ValueOption<double> CacheLimit { get; } = CommonOptions.CacheLimit();

    public Option<bool> PerClass { get; } = new("--per-class") { Description = "Show precision and recall of each class." };

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
