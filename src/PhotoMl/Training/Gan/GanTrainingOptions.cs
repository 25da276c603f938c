namespace PhotoMl.Training;

/// <summary>How a generator and its discriminator are trained; stored in the model file and checkpoints.</summary>
public sealed record GanTrainingOptions : IRunOptions
{
    /// <summary>How often every training image is seen. Default 50.</summary>
    public int Epochs { get; init => field = Checked.InRange(value, 1, 100_000, nameof(Epochs)); } = 50;

    /// <summary>Images per step, at least 2. Default 128.</summary>
    public int BatchSize { get; init => field = Checked.InRange(value, 2, 65_536, nameof(BatchSize)); } = 128;

    /// <summary>What the networks minimise. Default non-saturating.</summary>
    public GanLossKind Loss { get; init; } = GanLossKind.NonSaturating;

    /// <summary>Adam's rate for the generator. Default 0.0002 (A. Radford et al., ICLR 2016, section 4).</summary>
    public double LearningRate { get; init => field = Checked.InRange(value, 1e-9, 1, nameof(LearningRate)); } = 0.0002;

    /// <summary>Adam's rate for the discriminator where it is another (M. Heusel et al., NIPS 2017); null takes the generator's. Default
    /// null.</summary>
    public double? DiscriminatorLearningRate { get; init => field = Checked.InRange(value, 1e-9, 1, nameof(DiscriminatorLearningRate)); }

    /// <summary>Adam's decay of the mean gradient. Default 0.5 (Radford et al.).</summary>
    public double Beta1 { get; init => field = Checked.InRange(value, 0, 0.9999, nameof(Beta1)); } = 0.5;

    /// <summary>Adam's decay of the mean squared gradient. Default 0.999.</summary>
    public double Beta2 { get; init => field = Checked.InRange(value, 0, 0.999999, nameof(Beta2)); } = 0.999;

    /// <summary>The discriminator's steps, each on a batch of its own, for each of the generator's. Default 1.</summary>
    public int DiscriminatorSteps { get; init => field = Checked.InRange(value, 1, 100, nameof(DiscriminatorSteps)); } = 1;

    /// <summary>What is taken from the target of real images, in [0, 1); for the losses that have targets. Default 0.</summary>
    public double LabelSmoothing { get; init => field = Checked.InRange(value, 0, 0.99, nameof(LabelSmoothing)); }

    /// <summary>The decay of the moving average (EMA) of the generator's weights, which is what is sampled and kept, in [0, 1). 0 is off.
    /// Default 0.999.</summary>
    public double EmaDecay { get; init => field = Checked.InRange(value, 0, 0.999999, nameof(EmaDecay)); } = 0.999;

    /// <summary>What becomes of a run that collapses. Default restore.</summary>
    public CollapseAction OnCollapse { get; init; } = CollapseAction.Restore;

    /// <summary>The seed of everything random. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The dtype of the products of the larger convolutions. Default <see cref="Precision.Auto"/>.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    internal string? FindConflict() => LabelSmoothing > 0 && Loss is (GanLossKind.WganGp or GanLossKind.Hinge)
        ? $"{nameof(LabelSmoothing)}: expected it with a loss with targets (non-saturating, minimax or least-squares), "
            + $"but got {(Loss == GanLossKind.Hinge ? "hinge" : "wgan-gp")}"
        : null;
}

/// <summary>What generator and discriminator minimise; see <see cref="AdversarialLoss"/> for the formulas.</summary>
public enum GanLossKind
{
    /// <summary>Cross-entropy, with the generator maximising log D(G(z)).</summary>
    NonSaturating,

    /// <summary>Cross-entropy, with the generator minimising log(1 - D(G(z))): the article's formula, which saturates.</summary>
    Minimax,

    /// <summary>Squared distance from 1 for real and 0 for generated: what the article's code meant.</summary>
    LeastSquares,

    /// <summary>Difference of the critic's means, with a penalty on its gradient.</summary>
    WganGp,

    /// <summary>Margins of 1 on either side.</summary>
    Hinge,
}

/// <summary>What becomes of a run whose generator has collapsed or whose loss is no longer a finite number.</summary>
public enum CollapseAction
{
    /// <summary>It goes on from the last healthy weights at half the learning rate.</summary>
    Restore,

    /// <summary>It stops; the last healthy model stays on disk.</summary>
    Stop,
}
