namespace PhotoMl.Explanation;

/// <summary>The image that stands for nothing to be seen, which an image is compared with.</summary>
public enum ExplanationBaseline
{
    /// <summary>One colour: the median of the image's outermost pixels, channel by channel. Of digits that is black; of a photo mostly what lies behind its subject.</summary>
    Ground,

    /// <summary>Black, as M. Sundararajan et al. (2017) have it. What is black in the image then has no part in anything.</summary>
    Black,

    /// <summary>The image itself, blurred by a Gaussian whose deviation is an eighth of its shorter side.</summary>
    Blurred,
}
