using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What a generative run gave.</summary>
public sealed record GanTrainingResult
{
    /// <summary>All epochs.</summary>
    public required IReadOnlyList<GanEpochReport> History { get; init; }

    /// <summary>The epoch whose averaged weights were kept: the last healthy one.</summary>
    public required int KeptEpoch { get; init; }

    /// <summary>The images trained on in every epoch.</summary>
    public required int TrainImages { get; init; }

    /// <summary>The time spent, with that before the run was resumed.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What the model file stores beside the weights.</summary>
    public required GeneratorInfo Info { get; init; }

    /// <summary>Training images per second, over all epochs.</summary>
    public double ImagesPerSecond => History.Count * (double)TrainImages / Math.Max(History.Sum(epoch => epoch.Seconds), 1e-9);
}

/// <summary>What one epoch of a generative run gave; a row of <c>metrics.csv</c>.</summary>
public sealed record GanEpochReport : IEpochReport
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean of the discriminator's loss over the epoch.</summary>
    public required double DiscriminatorLoss { get; init; }

    /// <summary>The mean of the generator's loss over the epoch.</summary>
    public required double GeneratorLoss { get; init; }

    /// <summary>D(x): the discriminator's mean output for real images; a probability for the losses of probabilities, else the
    /// logit.</summary>
    public required double RealScore { get; init; }

    /// <summary>D(G(z)): the same for generated images.</summary>
    public required double GeneratedScore { get; init; }

    /// <summary>The distance of a picture from the most similar other one, as a share of the same among as many real images, pixel by
    /// pixel; near 1 where the generator makes pictures as different as the real ones, near 0 where it makes the same ones again and
    /// again.</summary>
    public required double Diversity { get; init; }

    /// <summary>The entropy of the predicted classes of the pictures in nats; null without a classifier.</summary>
    public double? ClassEntropy { get; init; }

    /// <summary>The classes of which hardly any picture was made; empty without a classifier.</summary>
    public IReadOnlyList<string> MissingClasses { get; init; } = [];

    /// <summary>Whether the generator has collapsed.</summary>
    public required bool IsCollapsed { get; init; }

    /// <summary>A warning in plain words; null where all is well.</summary>
    public string? Message { get; init; }

    /// <summary>The generator's learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>How long the epoch's training took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images per second.</summary>
    public required double ImagesPerSecond { get; init; }

    IReadOnlyList<ReportColumn> IEpochReport.Columns =>
    [
        new("epoch", null, Epoch),
        new("discriminator_loss", "loss/discriminator", DiscriminatorLoss),
        new("generator_loss", "loss/generator", GeneratorLoss),
        new("real_score", "score/real", RealScore),
        new("generated_score", "score/generated", GeneratedScore),
        new("diversity", "health/diversity", Diversity),
        new("class_entropy", "health/class_entropy", ClassEntropy),
        new("healthy", "health/healthy", IsCollapsed ? 0 : 1),
        new("learning_rate", "learning_rate", LearningRate),
        new("seconds", "seconds", Seconds, "F3"),
        new("images_per_second", "images_per_second", ImagesPerSecond, "F1"),
    ];

    internal static bool IsConsistent(RunState<GanEpochReport> state, int epochs)
    {
        string[] figures = [nameof(DiscriminatorLoss), nameof(RealScore), nameof(GeneratedScore), nameof(GeneratorLoss)];
        var steps = state.Means.GetValueOrDefault(nameof(DiscriminatorLoss)).Count; // those with finite losses
        return (!state.Finished || state.History.Count == epochs) && steps <= state.Step
            && state.Means.All(mean => figures.Contains(mean.Key)
                && (mean.Value.Count == steps || (mean.Key == nameof(GeneratorLoss) && mean.Value.Count < steps)));
    }

    internal static GanEpochReport Of(RunState<GanEpochReport> state, GeneratorHealth health, double learningRate) => new()
    {
        Epoch = state.Epoch,
        DiscriminatorLoss = state.Mean(nameof(DiscriminatorLoss)),
        GeneratorLoss = state.Mean(nameof(GeneratorLoss)),
        RealScore = state.Mean(nameof(RealScore)),
        GeneratedScore = state.Mean(nameof(GeneratedScore)),
        Diversity = health.Diversity,
        ClassEntropy = health.ClassEntropy,
        MissingClasses = health.MissingClasses,
        IsCollapsed = health.IsCollapsed,
        Message = health.Message,
        LearningRate = learningRate,
        Seconds = state.EpochSeconds,
        ImagesPerSecond = state.ImagesPerSecond,
    };
}

/// <summary>Where a generative run stands, reported after every step and every epoch from the training thread.</summary>
public sealed record GanProgress : TrainingProgress
{
    /// <summary>The mean of the discriminator's loss over the epoch so far.</summary>
    public required double DiscriminatorLoss { get; init; }

    /// <summary>The mean of the generator's loss over the epoch so far; NaN before its first step.</summary>
    public required double GeneratorLoss { get; init; }

    /// <summary>D(x), the mean over the epoch so far; see <see cref="GanEpochReport"/>.</summary>
    public required double RealScore { get; init; }

    /// <summary>D(G(z)), likewise.</summary>
    public required double GeneratedScore { get; init; }

    /// <summary>A warning, such as that the generator collapsed and the run went back to healthy weights; null in most reports.</summary>
    public string? Message { get; init; }

    /// <summary>What the epoch gave, in the report that ends it; null in all others.</summary>
    public GanEpochReport? Completed { get; init; }

    internal static GanProgress Of(
        RunState<GanEpochReport> state, int epochs, int stepsPerEpoch, string? message, GanEpochReport? completed = null) => new()
    {
        Epoch = state.Epoch,
        Epochs = epochs,
        Step = state.Step,
        StepsPerEpoch = stepsPerEpoch,
        DiscriminatorLoss = state.Mean(nameof(DiscriminatorLoss)),
        GeneratorLoss = state.Mean(nameof(GeneratorLoss)),
        RealScore = state.Mean(nameof(RealScore)),
        GeneratedScore = state.Mean(nameof(GeneratedScore)),
        ImagesPerSecond = state.ImagesPerSecond,
        Remaining = state.Remaining(epochs, stepsPerEpoch),
        LiveTensors = Tensor.TotalCount,
        Message = message,
        Completed = completed,
    };
}
