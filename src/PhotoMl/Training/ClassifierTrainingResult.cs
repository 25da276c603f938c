using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What a run gave.</summary>
public sealed record ClassifierTrainingResult
{
    /// <summary>The epoch whose weights were kept.</summary>
    public required EpochReport Best { get; init; }

    /// <summary>All epochs.</summary>
    public required IReadOnlyList<EpochReport> History { get; init; }

    /// <summary>The images trained on in every epoch.</summary>
    public required int TrainImages { get; init; }

    /// <summary>The images held out to choose the best epoch by.</summary>
    public required int ValidationImages { get; init; }

    /// <summary>The unlabeled images of the run, trained on too unless their weight is 0.</summary>
    public required int UnlabeledImages { get; init; }

    /// <summary>How many of them were used in any step; of the others the network was never sure enough.</summary>
    public required int UnlabeledUsed { get; init; }

    /// <summary>The time spent training and validating, with that before the run was resumed.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The evaluation of the kept weights on the validation images, class by class.</summary>
    public required ClassificationReport Validation { get; init; }

    /// <summary>What a model file stores beside the weights.</summary>
    public required ClassifierInfo Info { get; init; }

    /// <summary>Training images per second, over all epochs.</summary>
    public double ImagesPerSecond =>
        History.Sum(epoch => epoch.ImagesPerSecond * epoch.Seconds) / Math.Max(History.Sum(epoch => epoch.Seconds), 1e-9);
}

/// <summary>What one epoch gave; a row of <c>metrics.csv</c>.</summary>
public sealed record EpochReport : IEpochReport
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean loss over the epoch's training images, in nats.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The share of training images predicted right while training, in [0, 1]; where images are mixed, that of the class most of
    /// each shows.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>The loss on the validation images after the epoch, in nats.</summary>
    public required double ValidationLoss { get; init; }

    /// <summary>The accuracy on the validation images after the epoch, in [0, 1].</summary>
    public required double ValidationAccuracy { get; init; }

    /// <summary>The mean of the recalls of the classes on the validation images, in [0, 1]; null in an epoch that a version without this
    /// figure ran.</summary>
    public double? ValidationBalancedAccuracy { get; init; }

    /// <summary>The share of the epoch's unlabeled images that were used, in [0, 1]; null where there are none.</summary>
    public double? UnlabeledShare { get; init; }

    /// <summary>The share of the pseudo-labels of the epoch that are right, in [0, 1], of used images whose class is known; null where
    /// there are none.</summary>
    public double? PseudoLabelAccuracy { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>How long the epoch's training took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images per second.</summary>
    public required double ImagesPerSecond { get; init; }

    IReadOnlyList<ReportColumn> IEpochReport.Columns =>
    [
        new("epoch", null, Epoch),
        new("train_loss", "loss/train", TrainLoss),
        new("train_accuracy", "accuracy/train", TrainAccuracy),
        new("validation_loss", "loss/validation", ValidationLoss),
        new("validation_accuracy", "accuracy/validation", ValidationAccuracy),
        new("validation_balanced_accuracy", "balanced_accuracy/validation", ValidationBalancedAccuracy),
        .. UnlabeledShare is null ? [] : new ReportColumn[]
        {
            new("unlabeled_share", "unlabeled/share", UnlabeledShare),
            new("pseudo_label_accuracy", "unlabeled/accuracy", PseudoLabelAccuracy),
        },
        new("learning_rate", "learning_rate", LearningRate),
        new("seconds", "seconds", Seconds, "F3"),
        new("images_per_second", "images_per_second", ImagesPerSecond, "F1"),
    ];

    internal static bool IsConsistent(RunState<EpochReport> state)
    {
        string[] figures =
        [
            nameof(ClassifierProgress.Accuracy), nameof(ClassifierProgress.Loss), nameof(ClassifierProgress.UnlabeledShare),
            nameof(ClassifierProgress.PseudoLabelAccuracy),
        ];
        var means = Array.ConvertAll(figures, name => state.Means.GetValueOrDefault(name));
        var (accuracy, loss, used, pseudo) = (means[0], means[1], means[2], means[3]);
        return state.KeptEpoch >= Math.Min(1, state.History.Count)
            && !state.Means.Keys.Except(figures).Any() && (state.Step == 0 ? state.Means.Count == 0 : accuracy.Count > 0)
            && accuracy.Count == loss.Count && accuracy.Count + used.Count == state.Seen && pseudo.Count <= used.Count
            && new[] { accuracy, used, pseudo }.All(mean => mean.Sum >= 0 && mean.Sum <= mean.Count);
    }

    internal static EpochReport Of(RunState<EpochReport> state, ClassificationReport evaluated, double learningRate) => new()
    {
        Epoch = state.Epoch,
        TrainLoss = state.Mean(nameof(ClassifierProgress.Loss)),
        TrainAccuracy = state.Mean(nameof(ClassifierProgress.Accuracy)),
        ValidationLoss = evaluated.Loss,
        ValidationAccuracy = evaluated.Accuracy,
        ValidationBalancedAccuracy = evaluated.BalancedAccuracy,
        UnlabeledShare = state.MeanOrNull(nameof(ClassifierProgress.UnlabeledShare)),
        PseudoLabelAccuracy = state.MeanOrNull(nameof(ClassifierProgress.PseudoLabelAccuracy)),
        LearningRate = learningRate,
        Seconds = state.EpochSeconds,
        ImagesPerSecond = state.ImagesPerSecond,
    };

    internal bool IsBetterThan(EpochReport other, MonitoredMetric figure)
    {
        var (mine, others) = figure == MonitoredMetric.BalancedAccuracy
            ? (ValidationBalancedAccuracy, other.ValidationBalancedAccuracy)
            : (ValidationAccuracy, other.ValidationAccuracy);
        return mine > others || (mine == others && ValidationLoss < other.ValidationLoss);
    }
}

/// <summary>Where a run stands, reported after every step and every epoch from the training thread.</summary>
public sealed record ClassifierProgress : TrainingProgress
{
    /// <summary>The mean loss of the epoch so far, in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>The share of the epoch's images predicted right so far, in [0, 1].</summary>
    public required double Accuracy { get; init; }

    /// <summary>The share of the epoch's unlabeled images used so far, in [0, 1]; null where there are none.</summary>
    public double? UnlabeledShare { get; init; }

    /// <summary>The share of the epoch's pseudo-labels so far that are right, in [0, 1], of used images whose class is known; null where
    /// there are none.</summary>
    public double? PseudoLabelAccuracy { get; init; }

    /// <summary>What the epoch gave, in the report that ends it; null in all others.</summary>
    public EpochReport? Completed { get; init; }

    internal static ClassifierProgress Of(RunState<EpochReport> state, int epochs, int stepsPerEpoch, EpochReport? ended = null) => new()
    {
        Epoch = state.Epoch,
        Epochs = epochs,
        Step = state.Step,
        StepsPerEpoch = stepsPerEpoch,
        Loss = state.Mean(nameof(Loss)),
        Accuracy = state.Mean(nameof(Accuracy)),
        UnlabeledShare = state.MeanOrNull(nameof(UnlabeledShare)),
        PseudoLabelAccuracy = state.MeanOrNull(nameof(PseudoLabelAccuracy)),
        ImagesPerSecond = state.ImagesPerSecond,
        Remaining = state.Remaining(epochs, stepsPerEpoch),
        LiveTensors = Tensor.TotalCount,
        Completed = ended,
    };
}
