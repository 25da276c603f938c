using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What every command that trains classifiers takes.</summary>
internal abstract class ClassifierCommand(string name) : TrainingCommand<ClassifierTrainingOptions>(name)
{
    private readonly ValueOption<ClassifierArchitecture?> _network = new(
        "--network",
        "NAME",
        $"The network: {Values.Words<ClassifierArchitecture>()}. [default: resnet18 for color photos of 64 pixels and more, else convnet]",
        null,
        text => Values.ToWord<ClassifierArchitecture>(text));
    private readonly ValueOption<int?> _imageSize = CommonOptions.Int32(
        "--image-size", "The height and width of the images. [default: 160 for photos, else as stored]",
        ClassifierOptions.SmallestImage, 4096);
    private readonly ValueOption<string?> _weights = CommonOptions.Text(
        "--weights", "FILE",
        "Start from the weights of a model file, or of torchvision's resnet18 (safetensors, or a state_dict saved by PyTorch).");
    private readonly ValueOption<string?> _freeze = CommonOptions.Text(
        "--freeze", "STAGE",
        "Freeze the weights up to this stage: stem or layer1 to layer4 of resnet18, conv1 to conv3 or dense1 of convnet.");
    private readonly ValueOption<ValidationSplit?> _split = new(
        "--split",
        "KIND",
        "How validation photos are held out: grouped keeps near duplicates on one side, or random. [default: grouped]",
        null,
        text => Values.ToWord<ValidationSplit>(text));
    private readonly ValueOption<AugmentationKind> _augmentation = ClassifierOptionList.CreateAugmentationKind();
    private readonly ValueOption<string?> _unlabeled = CommonOptions.Text(
        "--unlabeled", "DIR", "Train on the photos of this folder too, which need no labels (FixMatch).");
    private readonly ValueOption<int?> _labelsPerClass = CommonOptions.Int32(
        "--labels-per-class", "Use the labels of N training images of each class; the others count as unlabeled.", 1, int.MaxValue);

    /// <summary>Adds all options, in the order of the help, with those of the command for the evaluation and the run.</summary>
    protected void AddGroups(IReadOnlyList<Option> evaluation, IReadOnlyList<Option> run) => AddGroups(
        ("Data", [Data, Transpose, Limit, _imageSize, _split, CacheLimit]),
        ("Unlabeled images", [_unlabeled, _labelsPerClass, .. ClassifierOptionList.CreateUnlabeled()]),
        ("Network", [_network, _weights, _freeze]),
        ("Optimization", ClassifierOptionList.CreateOptimization()),
        ("Augmentation", [_augmentation, .. ClassifierOptionList.CreateAugmentation()]),
        ("Evaluation", [.. ClassifierOptionList.CreateEvaluation(), .. evaluation]),
        ("Run", [.. run, Output, Resume, .. ClassifierOptionList.CreateRun(), Threads, Json, Quiet]));

    /// <summary>What the command line asks for.</summary>
    internal ClassifierRunOptions ReadRun(ParseResult arguments, CliHost host, TaskProgress progress)
    {
        var kind = _augmentation.Read(arguments);
        var asked = ReadTraining(arguments);
        AugmentationChoice.Check(kind, asked);
        if (_freeze.IsGiven(arguments) && !_weights.IsGiven(arguments))
        {
            throw new UsageException($"{_freeze.Name}: expected {_weights.Name} too, for random weights are not worth keeping");
        }

        return new ClassifierRunOptions
        {
            Training = defaults =>
                AugmentationChoice.Apply(kind, asked, ReadTraining(arguments, defaults) with { Freeze = _freeze.Read(arguments) }),
            Network = _network.Read(arguments),
            Weights = _weights.Read(arguments),
            Limit = Limit.Read(arguments),
            Split = _split.Read(arguments),
            Unlabeled = _unlabeled.Read(arguments),
            LabelsPerClass = _labelsPerClass.Read(arguments),
            Threads = Threads.Read(arguments),
            Loading = LoadingOf(arguments, host, progress) with { ImageSize = _imageSize.Read(arguments) },
            Messages = progress,
        };
    }
}
