namespace PhotoMl.Training;

/// <summary>What one epoch of a generative run gave; a row of <c>metrics.csv</c>.</summary>
public sealed record GanEpochReport : IEpochReport
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean of the discriminator's loss over the epoch.</summary>
    public required double DiscriminatorLoss { get; init; }

    /// <summary>The mean of the generator's loss over the epoch.</summary>
    public required double GeneratorLoss { get; init; }

    /// <summary>D(x): the discriminator's mean output for real images; a probability for the losses of probabilities, else the logit.</summary>
    public required double RealScore { get; init; }

    /// <summary>D(G(z)): the same for generated images.</summary>
    public required double GeneratedScore { get; init; }

    /// <summary>
    /// The distance of a picture from the most similar other one, as a share of the same among as many real images, pixel by pixel; near 1 where the generator
    /// makes pictures as different as the real ones, near 0 where it makes the same ones again and again.
    /// </summary>
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
}
