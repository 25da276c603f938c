using System.Text.Json.Serialization;
using PhotoMl.Evaluation;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Where a run stands, apart from its tensors; stored in every checkpoint.</summary>
internal sealed record ClassifierState
{
    /// <summary>The epoch under way, from 1; past the last one when the run is over.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>The steps of that epoch done.</summary>
    public int Step { get; set; }

    /// <summary>The sum of the losses of the epoch's images so far.</summary>
    public double LossSum { get; set; }

    /// <summary>How many of the epoch's images were predicted right so far.</summary>
    public long Correct { get; set; }

    /// <summary>The epoch's images seen so far.</summary>
    public long Seen { get; set; }

    /// <summary>Seconds spent training in the epoch so far.</summary>
    public double EpochSeconds { get; set; }

    /// <summary>Seconds spent in the whole run so far.</summary>
    public double Seconds { get; set; }

    /// <summary>The epoch of the best weights; 0 before the first epoch has ended.</summary>
    public int BestEpoch { get; set; }

    /// <summary>The optimiser's steps.</summary>
    public long OptimizerSteps { get; set; }

    /// <summary>Whether the run has ended, by its last epoch or by patience.</summary>
    public bool Finished { get; set; }

    /// <summary>The epochs that have ended.</summary>
    public List<EpochReport> History { get; init; } = [];

    /// <summary>The best epoch so far; null before the first has ended.</summary>
    [JsonIgnore]
    public EpochReport? Best => BestEpoch == 0 ? null : History[BestEpoch - 1];

    /// <summary>Whether the numbers can belong to one run.</summary>
    /// <param name="epochs">The epochs of the run.</param>
    public bool IsConsistent(int epochs) =>
        Epoch == History.Count + 1 && Step >= 0 && OptimizerSteps >= Step
        && History.Index().All(row => row.Item is { } epoch && epoch.Epoch == row.Index + 1 && epoch.Seconds is >= 0 and <= CheckpointInfo.MostSeconds)
        && BestEpoch >= Math.Min(1, History.Count) && BestEpoch <= History.Count
        && (Finished ? History.Count is > 0 : Epoch <= epochs)
        && double.IsFinite(LossSum) && Correct >= 0 && Correct <= Seen && (Step == 0 || Seen > 0)
        && EpochSeconds is >= 0 and <= CheckpointInfo.MostSeconds && Seconds is >= 0 and <= CheckpointInfo.MostSeconds;

    /// <summary>Counts a step.</summary>
    public void AddStep(double loss, long correct, long seen, double seconds)
    {
        Step++;
        LossSum += loss * seen;
        Correct += correct;
        Seen += seen;
        EpochSeconds += seconds;
        Seconds += seconds;
    }

    /// <summary>Ends the epoch under way.</summary>
    public EpochReport EndEpoch(ClassificationReport validation, double learningRate)
    {
        var report = new EpochReport(
            Epoch,
            LossSum / Seen,
            (double)Correct / Seen,
            validation.Loss,
            validation.Accuracy,
            learningRate,
            EpochSeconds,
            Seen / Math.Max(EpochSeconds, 1e-9),
            validation.BalancedAccuracy);
        History.Add(report);
        (Epoch, Step, LossSum, Correct, Seen, EpochSeconds) = (Epoch + 1, 0, 0, 0, 0, 0);
        return report;
    }

    /// <summary>Says where the run stands.</summary>
    /// <param name="epochs">The epochs of the run.</param>
    /// <param name="stepsPerEpoch">The steps of each.</param>
    /// <param name="completed">The epoch that has just ended; null within one.</param>
    public ClassifierProgress DescribeProgress(int epochs, int stepsPerEpoch, EpochReport? completed)
    {
        var epoch = completed?.Epoch ?? Epoch;
        var secondsPerStep = completed is { } end
            ? end.Seconds / stepsPerEpoch
            : EpochSeconds / Step;
        var stepsLeft = Finished ? 0 : ((epochs - Epoch + 1L) * stepsPerEpoch) - Step;
        return new ClassifierProgress(
            epoch,
            epochs,
            completed is null ? Step : stepsPerEpoch,
            stepsPerEpoch,
            completed?.TrainLoss ?? (LossSum / Seen),
            completed?.TrainAccuracy ?? ((double)Correct / Seen),
            completed?.ImagesPerSecond ?? (Seen / Math.Max(EpochSeconds, 1e-9)),
            TimeSpan.FromSeconds(Math.Min(secondsPerStep * stepsLeft, CheckpointInfo.MostSeconds)),
            Tensor.TotalCount,
            completed);
    }
}
