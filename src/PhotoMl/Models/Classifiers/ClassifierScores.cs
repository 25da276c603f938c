namespace PhotoMl.Models;

/// <summary>How good a classifier was found to be.</summary>
public sealed record ClassifierScores
{
    /// <summary>The accuracy on held-out training images, in [0, 1].</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The mean over the classes of the accuracy on held-out training images, in [0, 1].</summary>
    public double? ValidationBalancedAccuracy { get; init; }

    /// <summary>The cross-entropy on held-out training images, in nats.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The accuracy on the test images, in [0, 1].</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>The mean over the classes of the accuracy on the test images, in [0, 1].</summary>
    public double? TestBalancedAccuracy { get; init; }

    /// <summary>The cross-entropy on the test images, in nats.</summary>
    public double? TestLoss { get; init; }

    /// <summary>The number of test images.</summary>
    public long? TestImages { get; init; }
}
