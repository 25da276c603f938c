namespace PhotoMl.Evaluation;

/// <summary>How far the probabilities of a classifier are what they say.</summary>
/// <param name="Bins">The bins of confidence, in ascending order.</param>
public sealed record CalibrationReport(IReadOnlyList<ReliabilityBin> Bins)
{
    /// <summary>The expected calibration error, in [0, 1]: how far confidence and accuracy lie apart, in the mean over the images.</summary>
    /// <remarks>
    /// The sum over the bins of images in the bin / all images x |accuracy - confidence| (M. Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian
    /// Binning", AAAI 2015; C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, equation 3).
    /// </remarks>
    public double Error
    {
        get
        {
            var images = Bins.Sum(bin => bin.Images);
            return images == 0 ? 0 : Bins.Sum(bin => bin.Images * Math.Abs(bin.Accuracy - bin.Confidence)) / images;
        }
    }
}
