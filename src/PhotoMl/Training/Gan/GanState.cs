using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Where a generative run stands, apart from its tensors; stored in every checkpoint.</summary>
internal sealed record GanState
{
    /// <summary>After so many restores a run does not go on.</summary>
    public const int MostRestores = 5;

    /// <summary>The epoch under way, from 1; past the last one when the run is over.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>The steps of that epoch done.</summary>
    public int Step { get; set; }

    /// <summary>The sum of the discriminator's losses over the epoch's steps so far.</summary>
    public double DiscriminatorLossSum { get; set; }

    /// <summary>The sum of the generator's losses over its steps of the epoch so far.</summary>
    public double GeneratorLossSum { get; set; }

    /// <summary>The sum of D(x) over the epoch's steps so far.</summary>
    public double RealScoreSum { get; set; }

    /// <summary>The sum of D(G(z)) over the epoch's steps so far.</summary>
    public double GeneratedScoreSum { get; set; }

    /// <summary>The steps of the epoch that gave finite losses.</summary>
    public int GoodSteps { get; set; }

    /// <summary>The generator's steps among them.</summary>
    public int GeneratorSteps { get; set; }

    /// <summary>The epoch's images seen so far.</summary>
    public long Seen { get; set; }

    /// <summary>Seconds spent training in the epoch so far.</summary>
    public double EpochSeconds { get; set; }

    /// <summary>Seconds spent in the whole run so far.</summary>
    public double Seconds { get; set; }

    /// <summary>The steps of the generator's optimiser, and of its moving average.</summary>
    public long GeneratorOptimizerSteps { get; set; }

    /// <summary>The steps of the discriminator's optimiser.</summary>
    public long DiscriminatorOptimizerSteps { get; set; }

    /// <summary>The last epoch that ended in health; 0 before the first.</summary>
    public int HealthyEpoch { get; set; }

    /// <summary>How often the run went back to healthy weights; each time halves the learning rates.</summary>
    public int Restores { get; set; }

    /// <summary>What the learning rates are multiplied by.</summary>
    [JsonIgnore]
    public double RateFactor => Math.Pow(0.5, Restores);

    /// <summary>Whether the last epoch has ended.</summary>
    public bool Finished { get; set; }

    /// <summary>The epochs that have ended.</summary>
    public List<GanEpochReport> History { get; init; } = [];

    /// <summary>Finds what cannot be true of one run.</summary>
    /// <param name="epochs">The epochs of the run.</param>
    /// <returns>What was found; null where the numbers can belong to one run.</returns>
    public string? FindFault(int epochs)
    {
        var isConsistent = Epoch == History.Count + 1 && Step >= 0 && History.Index().All(row => row.Item is { } epoch && epoch.Epoch == row.Index + 1 && epoch.Seconds is >= 0 and <= CheckpointInfo.MostSeconds)
            && HealthyEpoch >= 0 && HealthyEpoch <= History.Count && Restores is >= 0 and <= MostRestores
            && GeneratorOptimizerSteps >= 0 && DiscriminatorOptimizerSteps >= 0
            && GoodSteps >= 0 && GoodSteps <= Step && GeneratorSteps >= 0 && GeneratorSteps <= GoodSteps && Seen >= GoodSteps
            && (Finished ? History.Count == epochs : Epoch <= epochs)
            && double.IsFinite(DiscriminatorLossSum) && double.IsFinite(GeneratorLossSum) && double.IsFinite(RealScoreSum) && double.IsFinite(GeneratedScoreSum)
            && EpochSeconds is >= 0 and <= CheckpointInfo.MostSeconds && Seconds is >= 0 and <= CheckpointInfo.MostSeconds;
        return isConsistent ? null : $"epoch {Epoch}, step {Step} after {History.Count} epochs";
    }

    /// <summary>Counts a step.</summary>
    public void AddStep(GanStep step, double seconds)
    {
        Step++;
        EpochSeconds += seconds;
        Seconds += seconds;
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

    /// <summary>Ends the epoch under way.</summary>
    public GanEpochReport EndEpoch(GeneratorHealth health, double learningRate)
    {
        var report = new GanEpochReport(
            Epoch,
            DiscriminatorLossSum / GoodSteps,
            GeneratorLossSum / GeneratorSteps,
            RealScoreSum / GoodSteps,
            GeneratedScoreSum / GoodSteps,
            health,
            learningRate,
            EpochSeconds,
            Seen / Math.Max(EpochSeconds, 1e-9));
        History.Add(report);
        (Epoch, Step, GoodSteps, GeneratorSteps, Seen, EpochSeconds) = (Epoch + 1, 0, 0, 0, 0, 0);
        (DiscriminatorLossSum, GeneratorLossSum, RealScoreSum, GeneratedScoreSum) = (0, 0, 0, 0);
        return report;
    }

    /// <summary>Says where the run stands.</summary>
    /// <param name="epochs">The epochs of the run.</param>
    /// <param name="stepsPerEpoch">The steps of each.</param>
    /// <param name="message">What a person should know, if anything.</param>
    /// <param name="completed">The epoch that has just ended; null within one.</param>
    public GanProgress DescribeProgress(int epochs, int stepsPerEpoch, string? message, GanEpochReport? completed)
    {
        var secondsPerStep = completed is { } end ? end.Seconds / stepsPerEpoch : EpochSeconds / Step;
        var stepsLeft = Finished ? 0 : ((epochs - Epoch + 1L) * stepsPerEpoch) - Step;
        return new GanProgress(
            completed?.Epoch ?? Epoch,
            epochs,
            completed is null ? Step : stepsPerEpoch,
            stepsPerEpoch,
            completed?.DiscriminatorLoss ?? (DiscriminatorLossSum / GoodSteps),
            completed?.GeneratorLoss ?? (GeneratorLossSum / GeneratorSteps),
            completed?.RealScore ?? (RealScoreSum / GoodSteps),
            completed?.GeneratedScore ?? (GeneratedScoreSum / GoodSteps),
            completed?.ImagesPerSecond ?? (Seen / Math.Max(EpochSeconds, 1e-9)),
            TimeSpan.FromSeconds(Math.Min(secondsPerStep * stepsLeft, CheckpointInfo.MostSeconds)),
            Tensor.TotalCount,
            message,
            completed);
    }
}
