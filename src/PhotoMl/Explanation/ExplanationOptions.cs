namespace PhotoMl.Explanation;

/// <summary>How a prediction is explained.</summary>
public sealed record ExplanationOptions
{
    /// <summary>How. Default <see cref="ExplanationMethod.GradCam"/>.</summary>
    public ExplanationMethod Method { get; init; }

    /// <summary>The layer of <see cref="ExplanationMethod.GradCam"/>, one of <see cref="Models.ImageClassifier.Layers"/>. Default null: the
    /// last of more than one element.</summary>
    public string? Layer { get; init; }

    /// <summary>Where <see cref="ExplanationMethod.IntegratedGradients"/> begins, and what <see cref="ExplanationMethod.Occlusion"/> covers
    /// with. Default <see cref="ExplanationBaseline.Ground"/>.</summary>
    public ExplanationBaseline Baseline { get; init; }

    /// <summary>The steps of <see cref="ExplanationMethod.IntegratedGradients"/> from baseline to image, 1 to 10,000. Default 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside.</exception>
    public int Steps { get; init => field = Checked.InRange(value, 1, 10_000, nameof(Steps)); } = 64;

    /// <summary>The side of what <see cref="ExplanationMethod.Occlusion"/> covers, in pixels of the network's input, 1 to 4096. Default
    /// null: a sixth of the shorter side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside.</exception>
    public int? Window { get; init => field = Checked.InRange(value, 1, 4096, nameof(Window)); }

    /// <summary>Whether the faithfulness of the map is measured, which takes longer than most maps themselves. Default true.</summary>
    public bool MeasureFaithfulness { get; init; } = true;

    /// <summary>In how many steps pixels are taken away and put back to measure that, 2 to 1,000. Default 12.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside.</exception>
    public int FaithfulnessSteps { get; init => field = Checked.InRange(value, 2, 1000, nameof(FaithfulnessSteps)); } = 12;

    /// <summary>How many random maps are measured beside it, 2 to 1,000. Default 6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside.</exception>
    public int RandomMaps { get; init => field = Checked.InRange(value, 2, 1000, nameof(RandomMaps)); } = 6;

    /// <summary>The seed of the random maps, and of the order of pixels that a map leaves equal. Default 1.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>How the part that each place of an image has in a prediction is found.</summary>
public enum ExplanationMethod
{
    /// <summary>The channels of a layer, weighted by their gradients: coarse, and sure to be about the class. R. Selvaraju, M. Cogswell, A.
    /// Das, R. Vedantam, D. Parikh, D. Batra, "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV
    /// 2017.</summary>
    GradCam,

    /// <summary>Gradients gathered on the way from a baseline to the image: signed, a value a pixel, and together the difference that the
    /// image makes. M. Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.</summary>
    IntegratedGradients,

    /// <summary>What covering each part takes away: signed, and free of gradients. M. Zeiler, R. Fergus, "Visualizing and Understanding
    /// Convolutional Networks", ECCV 2014, section 4.2.</summary>
    Occlusion,

    /// <summary>The size of the gradient at each pixel: quick and noisy. K. Simonyan, A. Vedaldi, A. Zisserman, "Deep Inside Convolutional
    /// Networks: Visualising Image Classification Models and Saliency Maps", ICLR workshop 2014, section 3.</summary>
    Saliency,
}

/// <summary>The image that stands for nothing to be seen, which an image is compared with.</summary>
public enum ExplanationBaseline
{
    /// <summary>One color: the median of the image's outermost pixels, channel by channel. Of digits that is black; of a photo mostly what
    /// lies behind its subject.</summary>
    Ground,

    /// <summary>Black, as M. Sundararajan et al. (2017) have it. What is black in the image then has no part in anything.</summary>
    Black,

    /// <summary>The image itself, blurred by a Gaussian whose deviation is an eighth of its shorter side.</summary>
    Blurred,
}
