namespace PhotoMl.Training;

/// <summary>What one epoch gave; a row of <c>metrics.csv</c>.</summary>
public sealed record EpochReport : IEpochReport
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean loss over the epoch's training images, in nats.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The share of training images predicted right while training, in [0, 1]; where images are mixed, that of the class most of each shows.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>The loss on the validation images after the epoch, in nats.</summary>
    public required double ValidationLoss { get; init; }

    /// <summary>The accuracy on the validation images after the epoch, in [0, 1].</summary>
    public required double ValidationAccuracy { get; init; }

    /// <summary>The mean of the recalls of the classes on the validation images, in [0, 1]; null in an epoch that a version without this figure ran.</summary>
    public double? ValidationBalancedAccuracy { get; init; }

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
        new("learning_rate", "learning_rate", LearningRate),
        new("seconds", "seconds", Seconds, "F3"),
        new("images_per_second", "images_per_second", ImagesPerSecond, "F1"),
    ];

    internal bool IsBetterThan(EpochReport other, MonitoredMetric figure)
    {
        var (mine, others) = figure == MonitoredMetric.BalancedAccuracy
            ? (ValidationBalancedAccuracy, other.ValidationBalancedAccuracy)
            : (ValidationAccuracy, other.ValidationAccuracy);
        return mine > others || (mine == others && ValidationLoss < other.ValidationLoss);
    }
}
