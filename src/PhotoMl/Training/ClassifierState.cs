using System.Text.Json.Serialization;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Where a classifier's run stands, apart from its tensors; stored in every checkpoint.</summary>
internal sealed class ClassifierState : RunState
{
    public double LossSum { get; set; }
    public long Correct { get; set; }

    /// <summary>The epoch of the best weights; 0 before the first epoch has ended.</summary>
    public int BestEpoch { get; set; }

    public List<EpochReport> History { get; init; } = [];
    public override IReadOnlyList<IEpochReport> Reports => History;

    /// <summary>The best epoch so far; null before the first has ended.</summary>
    [JsonIgnore]
    public EpochReport? Best => BestEpoch == 0 ? null : History[BestEpoch - 1];

    public void Add(double loss, long correct, long seen)
    {
        LossSum += loss * seen;
        Correct += correct;
        Seen += seen;
    }

    public EpochReport EndEpoch(ClassificationReport validation, double learningRate)
    {
        var report = new EpochReport
        {
            Epoch = Epoch,
            TrainLoss = LossSum / Seen,
            TrainAccuracy = (double)Correct / Seen,
            ValidationLoss = validation.Loss,
            ValidationAccuracy = validation.Accuracy,
            ValidationBalancedAccuracy = validation.BalancedAccuracy,
            LearningRate = learningRate,
            Seconds = EpochSeconds,
            ImagesPerSecond = ImagesPerSecond,
        };
        History.Add(report);
        NextEpoch();
        (LossSum, Correct) = (0, 0);
        return report;
    }

    public ClassifierProgress DescribeProgress(int epochs, int stepsPerEpoch, EpochReport? completed) => new()
    {
        Epoch = completed?.Epoch ?? Epoch,
        Epochs = epochs,
        Step = completed is null ? Step : stepsPerEpoch,
        StepsPerEpoch = stepsPerEpoch,
        Loss = completed?.TrainLoss ?? (LossSum / Seen),
        Accuracy = completed?.TrainAccuracy ?? ((double)Correct / Seen),
        ImagesPerSecond = completed?.ImagesPerSecond ?? ImagesPerSecond,
        Remaining = Remaining(epochs, stepsPerEpoch, completed),
        LiveTensors = Tensor.TotalCount,
        Completed = completed,
    };

    protected override bool IsConsistent(int epochs) =>
        BestEpoch >= Math.Min(1, History.Count) && BestEpoch <= History.Count
        && double.IsFinite(LossSum) && Correct >= 0 && Correct <= Seen && (Step == 0 || Seen > 0);
}

/// <summary>What the checkpoint of a classifier's run stores beside its tensors and its position.</summary>
internal sealed record ClassifierCheckpointInfo : CheckpointInfo
{
    private const string CheckpointKind = "checkpoint of a classifier";

    public override string Kind => CheckpointKind;

    public required ClassifierOptions Network { get; init => field = value.Validated(); }

    public required ClassifierTrainingOptions Options { get; init; }

    /// <summary>The fingerprint of the validation images; null where they are a share of the training images.</summary>
    public string? ValidationFingerprint { get; init; }

    public static ClassifierCheckpointInfo Read(RunFolder run)
    {
        using var checkpoint = Open(run.CheckpointPath);
        return checkpoint.Info;
    }

    internal static Checkpoint<ClassifierCheckpointInfo, ClassifierState> Open(string path) =>
        Checkpoint<ClassifierCheckpointInfo, ClassifierState>.Open(path, CheckpointKind);

    internal override string? FindFault(RunState state) =>
        Options.Freeze is { } stage && !ImageClassifier.StagesOf(Network.Architecture).Contains(stage)
            ? $"a frozen stage {stage}"
            : state.FindFault(Options.Epochs);
}
