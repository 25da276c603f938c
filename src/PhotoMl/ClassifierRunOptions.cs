using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>How validation photos are taken out of a collection that does not divide itself.</summary>
public enum ValidationSplit
{
    /// <summary>Near duplicates and bursts stay on one side: on both they would flatter the validation figures.</summary>
    Grouped,

    /// <summary>Photo by photo.</summary>
    Random,
}

/// <summary>What a classifier is trained on and how; see <see cref="ClassifierRun"/>.</summary>
public sealed record ClassifierRunOptions : RunOptions
{
    /// <summary>Changes the training options that fit the data; they are <see cref="ClassifierTrainingOptions.ForPhotos"/> for a ResNet-18
    /// on photos, a recipe of its own for Fashion-MNIST, else those of <see cref="ClassifierTrainingOptions"/>. Default no
    /// change.</summary>
    public Func<ClassifierTrainingOptions, ClassifierTrainingOptions> Training { get; init; } = static defaults => defaults;

    /// <summary>The network. Default null: a ResNet-18 for images in color of at least 64 x 64 pixels, else the article's
    /// network.</summary>
    public ClassifierArchitecture? Network { get; init; }

    /// <summary>A model file, or a safetensors or PyTorch file of torchvision's ResNet-18, whose weights the run starts with. Default null:
    /// random weights.</summary>
    public string? Weights { get; init; }

    /// <summary>A folder of photos without labels to train on too, at any depth; a label, such as the name of a folder, is only compared
    /// with. Default null: none.</summary>
    /// <remarks>Where the data set is a collection of photos, those of its validation and test that are among them, as copies or near
    /// copies, are left out. The last epoch is kept.</remarks>
    public string? Unlabeled { get; init; }

    /// <summary>Whether networks are trained that only say which labels are doubtful.</summary>
    internal bool ChecksLabels { get; init; }

    internal bool HasUnlabeled => Unlabeled is not null || LabelsPerClass is not null;

    /// <summary>How many labels of each class are used, at least 1, drawn at random by the seed; all other training images count as
    /// unlabeled. Default null: all.</summary>
    /// <remarks>For a trial of how far few labels lead. Validation images keep their labels, but choose nothing: the last epoch is
    /// kept.</remarks>
    public int? LabelsPerClass { get; init => field = Checked.InRange(value, 1, int.MaxValue, nameof(LabelsPerClass)); }

    /// <summary>How validation photos are chosen where the collection does not say; not for known data sets. Default null:
    /// grouped.</summary>
    public ValidationSplit? Split { get; init; }
}

/// <summary>What a run of a classifier ended with.</summary>
public sealed record ClassifierRunResult
{
    /// <summary>The training and its validation figures.</summary>
    public required ClassifierTrainingResult Training { get; init; }

    /// <summary>The evaluation on the test images, which were neither trained on nor chosen by; null where there are none.</summary>
    public required CalibratedReport? Test { get; init; }
}
