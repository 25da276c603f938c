namespace PhotoMl.Explanation;

/// <summary>How well integrated gradients add up to what they explain, which too few steps keep them from.</summary>
/// <param name="AttributionSum">The sum of the attributions of all pixels.</param>
/// <param name="LogitDifference">The logit of the class for the image, less that for the baseline.</param>
/// <remarks>M. Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", ICML 2017, proposition 1.</remarks>
public sealed record Completeness(double AttributionSum, double LogitDifference)
{
    /// <summary>The difference of both as a share of the second, at least 0; infinite where that is 0 and the first is not.</summary>
    public double Gap => AttributionSum == LogitDifference ? 0 : Math.Abs(AttributionSum - LogitDifference) / Math.Abs(LogitDifference);
}
