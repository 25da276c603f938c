using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Data;
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
        AddOptions(network: [], helpers: []);
        Add(PerClass);
    }

    public Option<bool> PerClass { get; } = new("--per-class") { Description = "Show at the end how well each class is told." };

    /// <inheritdoc/>
    public override ClassifierTrainingOptions ReadTraining(ParseResult arguments)
    {
        var options = base.ReadTraining(arguments);
        AugmentationChoice.Check(_augmentation.Read(arguments), options);
        return options;
    }

    /// <summary>Decides how images are varied, which may depend on them.</summary>
    public ClassifierTrainingOptions ResolveAugmentation(ParseResult arguments, ClassifierTrainingOptions options, ImageDataset data) =>
        AugmentationChoice.Resolve(_augmentation.Read(arguments), options, data);
}
