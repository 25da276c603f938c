using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What every command that trains classifiers takes.</summary>
internal abstract class ClassifierCommand(string name) : TrainingCommand<ClassifierTrainingOptions>(name)
{
    private readonly ValueOption<ClassifierArchitecture?> _network = new(
        "--network", "NAME",
        $"The network: {Values.Words(typeof(ClassifierArchitecture))}. [default: resnet18 for color photos of 64 pixels and more, else "
            + "convnet]");
    private readonly ValueOption<int?> _imageSize = new(
        "--image-size", "N", "The height and width of the images. [default: 160 for photos, else as stored]",
        parse: Values.Between(ClassifierOptions.SmallestImage, 4096));
    private readonly ValueOption<string?> _weights = new(
        "--weights", "FILE",
        "Start from the weights of a model file, or of torchvision's resnet18 (safetensors, or a state_dict saved by PyTorch).");
    private readonly ValueOption<string?> _freeze = new(
        "--freeze", "STAGE",
        "Freeze the weights up to this stage: stem or layer1 to layer4 of resnet18, conv1 to conv3 or dense1 of convnet.");
    private readonly ValueOption<ValidationSplit?> _split = new(
        "--split", "KIND", "How validation photos are held out: grouped keeps near duplicates on one side, or random. [default: grouped]");
    private readonly ValueOption<AugmentationKind> _augmentation = ClassifierOptionList.CreateAugmentationKind();
    private readonly ValueOption<string?> _unlabeled = new(
        "--unlabeled", "DIR", "Train on the photos of this folder too, which need no labels (FixMatch).");
    private readonly ValueOption<int?> _labelsPerClass = new(
        "--labels-per-class", "N", "Use the labels of N training images of each class; the others count as unlabeled.",
        parse: Values.Between(1, int.MaxValue));
    private readonly Option[] _unlabeledTraining = ClassifierOptionList.CreateUnlabeled();

    /// <summary>Adds all options, in the order of the help, with those of the command for the evaluation and the run.</summary>
    protected void AddGroups(IReadOnlyList<Option> evaluation, IReadOnlyList<Option> run) => AddGroups(
        ("Data", [Data, Transpose, Limit, _imageSize, _split, CacheLimit]),
        ("Unlabeled images", [_unlabeled, _labelsPerClass, .. _unlabeledTraining]),
        ("Network", [_network, _weights, _freeze]),
        ("Optimization", ClassifierOptionList.CreateOptimization()),
        ("Augmentation", [_augmentation, .. ClassifierOptionList.CreateAugmentation()]),
        ("Evaluation", [.. ClassifierOptionList.CreateEvaluation(), .. evaluation]),
        ("Run", [.. run, Output, Resume, .. ClassifierOptionList.CreateRun(), Threads, Json, Quiet]));

    /// <summary>What the command line asks for.</summary>
    internal ClassifierRunOptions ReadRun(ParseResult arguments, CliHost host, TaskProgress progress)
    {
        var training = AugmentationChoice.Over(
            _augmentation.Read(arguments),
            defaults => ReadOptions(arguments, defaults with { Freeze = _freeze.Read(arguments) }));
        if (_freeze.IsGiven(arguments) && !_weights.IsGiven(arguments))
        {
            throw new UsageException($"{_freeze.Name}: expected {_weights.Name} too, for random weights are not worth keeping");
        }

        if (!_unlabeled.IsGiven(arguments) && !_labelsPerClass.IsGiven(arguments))
        {
            CheckNotGiven(arguments, $"with {_unlabeled.Name} or {_labelsPerClass.Name} only", _unlabeledTraining);
        }

        return new ClassifierRunOptions
        {
            Training = training,
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
