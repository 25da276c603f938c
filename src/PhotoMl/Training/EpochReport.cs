using System.Globalization;

namespace PhotoMl.Training;

/// <summary>What one epoch gave; a row of <c>metrics.csv</c>.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainLoss">The mean loss over the epoch's training images, in nats.</param>
/// <param name="TrainAccuracy">The share of training images predicted right while training, in [0, 1]; where images are mixed, that of the class most of each shows.</param>
/// <param name="ValidationLoss">The loss on the validation images after the epoch, in nats.</param>
/// <param name="ValidationAccuracy">The accuracy on the validation images after the epoch, in [0, 1].</param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="Seconds">How long the epoch's training took.</param>
/// <param name="ImagesPerSecond">Training images per second.</param>
/// <param name="ValidationBalancedAccuracy">
/// The mean over the classes of the share of their validation images predicted right, in [0, 1]; null in an epoch that a version without this figure ran.
/// </param>
public sealed record EpochReport(
    int Epoch,
    double TrainLoss,
    double TrainAccuracy,
    double ValidationLoss,
    double ValidationAccuracy,
    double LearningRate,
    double Seconds,
    double ImagesPerSecond,
    double? ValidationBalancedAccuracy = null) : IMetricsRow
{
    static string IMetricsRow.Header => "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,validation_balanced_accuracy,learning_rate,seconds,images_per_second";

    IEnumerable<(string Tag, double Value)> IMetricsRow.Figures =>
    [
        ("loss/train", TrainLoss),
        ("loss/validation", ValidationLoss),
        ("accuracy/train", TrainAccuracy),
        ("accuracy/validation", ValidationAccuracy),
        .. ValidationBalancedAccuracy is { } balanced ? [("balanced_accuracy/validation", balanced)] : Array.Empty<(string, double)>(),
        ("learning_rate", LearningRate),
        ("seconds", Seconds),
        ("images_per_second", ImagesPerSecond),
    ];

    string IMetricsRow.ToRow() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Epoch},{TrainLoss:R},{TrainAccuracy:R},{ValidationLoss:R},{ValidationAccuracy:R},{ValidationBalancedAccuracy:R},{LearningRate:R},{Seconds:F3},{ImagesPerSecond:F1}");

    /// <summary>Whether this epoch's weights are to be preferred to another's.</summary>
    internal bool IsBetterThan(EpochReport other, BestEpochBy figure)
    {
        var (mine, others) = figure == BestEpochBy.BalancedAccuracy
            ? (ValidationBalancedAccuracy, other.ValidationBalancedAccuracy)
            : (ValidationAccuracy, other.ValidationAccuracy);
        return mine > others || (mine == others && ValidationLoss < other.ValidationLoss);
    }
}
