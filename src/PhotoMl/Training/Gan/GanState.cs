using System.Text.Json.Serialization;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Where a generative run stands, apart from its tensors; stored in every checkpoint.</summary>
internal sealed class GanState : RunState
{
    /// <summary>After so many restores a run does not go on.</summary>
    public const int MostRestores = 5;

    public double DiscriminatorLossSum { get; set; }
    public double GeneratorLossSum { get; set; }
    public double RealScoreSum { get; set; }
    public double GeneratedScoreSum { get; set; }
    public int GoodSteps { get; set; }
    public int GeneratorSteps { get; set; }

    /// <summary>The last epoch that ended in health; 0 before the first.</summary>
    public int HealthyEpoch { get; set; }

    /// <summary>How often the run went back to healthy weights; each time halves the learning rates.</summary>
    public int Restores { get; set; }

    [JsonIgnore]
    public double RateFactor => Math.Pow(0.5, Restores);

    public List<GanEpochReport> History { get; init; } = [];
    public override IReadOnlyList<IEpochReport> Reports => History;

    /// <summary>Counts what a step gave; its figures count where they are finite.</summary>
    public void Add(GanStep step)
    {
        if (!step.IsFinite)
        {
            return;
        }

        GoodSteps++;
        DiscriminatorLossSum += step.DiscriminatorLoss;
        RealScoreSum += step.RealScore;
        GeneratedScoreSum += step.GeneratedScore;
        Seen += step.Images;
        if (step.GeneratorLoss is { } loss)
        {
            GeneratorSteps++;
            GeneratorLossSum += loss;
        }
    }

    public GanEpochReport EndEpoch(GeneratorHealth health, double learningRate)
    {
        var report = new GanEpochReport
        {
            Epoch = Epoch,
            DiscriminatorLoss = DiscriminatorLossSum / GoodSteps,
            GeneratorLoss = GeneratorLossSum / GeneratorSteps,
            RealScore = RealScoreSum / GoodSteps,
            GeneratedScore = GeneratedScoreSum / GoodSteps,
            Diversity = health.Diversity,
            ClassEntropy = health.ClassEntropy,
            MissingClasses = health.MissingClasses,
            IsCollapsed = health.IsCollapsed,
            Message = health.Message,
            LearningRate = learningRate,
            Seconds = EpochSeconds,
            ImagesPerSecond = ImagesPerSecond,
        };
        History.Add(report);
        NextEpoch();
        (GoodSteps, GeneratorSteps) = (0, 0);
        (DiscriminatorLossSum, GeneratorLossSum, RealScoreSum, GeneratedScoreSum) = (0, 0, 0, 0);
        return report;
    }

    public GanProgress DescribeProgress(int epochs, int stepsPerEpoch, string? message, GanEpochReport? completed) => new()
    {
        Epoch = completed?.Epoch ?? Epoch,
        Epochs = epochs,
        Step = completed is null ? Step : stepsPerEpoch,
        StepsPerEpoch = stepsPerEpoch,
        DiscriminatorLoss = completed?.DiscriminatorLoss ?? (DiscriminatorLossSum / GoodSteps),
        GeneratorLoss = completed?.GeneratorLoss ?? (GeneratorLossSum / GeneratorSteps),
        RealScore = completed?.RealScore ?? (RealScoreSum / GoodSteps),
        GeneratedScore = completed?.GeneratedScore ?? (GeneratedScoreSum / GoodSteps),
        ImagesPerSecond = completed?.ImagesPerSecond ?? ImagesPerSecond,
        Remaining = Remaining(epochs, stepsPerEpoch, completed),
        LiveTensors = Tensor.TotalCount,
        Message = message,
        Completed = completed,
    };

    protected override bool IsConsistent(int epochs) =>
        HealthyEpoch >= 0 && HealthyEpoch <= History.Count && Restores is >= 0 and <= MostRestores
        && GoodSteps >= 0 && GoodSteps <= Step && GeneratorSteps >= 0 && GeneratorSteps <= GoodSteps && Seen >= GoodSteps
        && (!Finished || History.Count == epochs)
        && double.IsFinite(DiscriminatorLossSum) && double.IsFinite(GeneratorLossSum) && double.IsFinite(RealScoreSum) && double.IsFinite(GeneratedScoreSum);
}

/// <summary>What the checkpoint of a generative run stores beside its tensors and its position.</summary>
internal sealed record GanCheckpointInfo : CheckpointInfo
{
    private const string CheckpointKind = "checkpoint of a generator";

    public override string Kind => CheckpointKind;
    public required DcganOptions Network { get; init; }
    public required GanTrainingOptions Options { get; init; }

    /// <summary>The hash of the classifier that evaluates each epoch's pictures; null where there is none.</summary>
    public string? ClassifierHash { get; init; }

    public static GanCheckpointInfo Read(RunFolder run)
    {
        using var checkpoint = Open(run.CheckpointPath);
        return checkpoint.Info;
    }

    internal static Checkpoint<GanCheckpointInfo, GanState> Open(string path) =>
        Checkpoint<GanCheckpointInfo, GanState>.Open(path, CheckpointKind);

    internal override string? FindFault(RunState state) => Options.FindConflict() ?? state.FindFault(Options.Epochs);
}
