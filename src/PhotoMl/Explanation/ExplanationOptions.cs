namespace PhotoMl.Explanation;

/// <summary>How a prediction is explained.</summary>
public sealed record ExplanationOptions
{
    /// <summary>How. Default <see cref="ExplanationMethod.GradCam"/>.</summary>
    public ExplanationMethod Method { get; init; }

    /// <summary>The layer that <see cref="ExplanationMethod.GradCam"/> looks at, one of <see cref="Models.ImageClassifier.Layers"/>. Default null: the last convolution.</summary>
    public string? Layer { get; init; }

    /// <summary>
    /// Where <see cref="ExplanationMethod.IntegratedGradients"/> begins, and what <see cref="ExplanationMethod.Occlusion"/> covers with. Default <see cref="ExplanationBaseline.Ground"/>.
    /// </summary>
    public ExplanationBaseline Baseline { get; init; }

    /// <summary>The steps from the baseline to the image of <see cref="ExplanationMethod.IntegratedGradients"/>, 1 to 10,000. Default 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside.</exception>
    public int Steps { get; init => field = Checked.InRange(value, 1, 10_000, nameof(Steps)); } = 64;

    /// <summary>The side of what <see cref="ExplanationMethod.Occlusion"/> covers, in pixels of the network's input, 1 to 4096. Default null: a sixth of the shorter side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside.</exception>
    public int? Window { get; init => field = value is { } side ? Checked.InRange(side, 1, 4096, nameof(Window)) : null; }

    /// <summary>Whether it is measured how much the map is to be believed, which takes longer than most maps themselves. Default true.</summary>
    public bool MeasureFaithfulness { get; init; } = true;

    /// <summary>In how many steps pixels are taken away and put back to measure that, 2 to 1,000. Default 12.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside.</exception>
    public int FaithfulnessSteps { get; init => field = Checked.InRange(value, 2, 1000, nameof(FaithfulnessSteps)); } = 12;

    /// <summary>How many random maps are measured beside it, 2 to 1,000. Default 6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside.</exception>
    public int RandomMaps { get; init => field = Checked.InRange(value, 2, 1000, nameof(RandomMaps)); } = 6;

    /// <summary>The temperature of the probabilities, by which logits are divided, above 0; that of a classifier's file. Default 1.</summary>
    public double Temperature { get; init => field = Checked.InRange(value, 1e-3, 1e3, nameof(Temperature)); } = 1;

    /// <summary>The seed of the random maps, and of the order of pixels that a map leaves equal. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
