namespace PhotoMl.Evaluation;

/// <summary>What a classifier and its probabilities are worth on labelled images.</summary>
public sealed record CalibratedReport
{
    /// <summary>Accuracy, confusion matrix, and the cross-entropy at the classifier's temperature.</summary>
    public required ClassificationReport Report { get; init; }

    /// <summary>The temperature of its probabilities.</summary>
    public required double Temperature { get; init; }

    /// <summary>Whether logits were averaged over each image and its mirror image.</summary>
    public bool TestTimeAugmentation { get; init; }

    /// <summary>The calibration of its probabilities.</summary>
    public required CalibrationReport Calibration { get; init; }

    /// <summary>The calibration at temperature 1.</summary>
    public required CalibrationReport Uncalibrated { get; init; }

    /// <summary>The evaluation of its prediction sets; null where no coverage was asked for.</summary>
    public ConformalReport? Sets { get; init; }

    /// <summary>The predicted class of each image and its probability.</summary>
    internal IReadOnlyList<(int Class, double Probability)> Predictions { get; init; } = [];
}

/// <summary>The calibration of a classifier's probabilities: a reliability diagram and its error.</summary>
/// <param name="Bins">The bins of confidence, in ascending order.</param>
public sealed record CalibrationReport(IReadOnlyList<ReliabilityBin> Bins)
{
    private const int BinCount = 15;

    /// <summary>The expected calibration error (ECE), in [0, 1]: the mean difference of confidence and accuracy over the images.</summary>
    /// <remarks>The sum over the bins of images in the bin / all images x |accuracy - confidence| (M. Naeini et al., "Obtaining Well
    /// Calibrated Probabilities Using Bayesian Binning", AAAI 2015; C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017,
    /// equation 3). The bins are Guo's (section 5): 15 of equal width, of which bin m holds the confidences in ((m - 1) / 15, m / 15]; a
    /// confidence of 0 counts in the first. Few images make the error too large: a bin of one image errs by its whole distance to 0 or
    /// 1.</remarks>
    public double Error => Bins.Sum(bin => bin.Images * Math.Abs(bin.Accuracy - bin.Confidence)) / Math.Max(1, Bins.Sum(bin => bin.Images));

    /// <summary>Sorts predictions into the bins.</summary>
    internal static CalibrationReport Of(IEnumerable<double> confidences, IEnumerable<bool> correct)
    {
        // Rounded shares may sum to a hair above 1.
        var bins = confidences.Zip(correct, (confidence, isCorrect) => (Confidence: Math.Min(confidence, 1), Correct: isCorrect ? 1.0 : 0))
            .ToLookup(prediction => Math.Clamp((int)Math.Ceiling(prediction.Confidence * BinCount) - 1, 0, BinCount - 1));
        return new([.. Enumerable.Range(0, BinCount).Select(bin => new ReliabilityBin
        {
            Low = (double)bin / BinCount,
            High = (bin + 1.0) / BinCount,
            Images = bins[bin].Count(),
            Confidence = bins[bin].Select(prediction => prediction.Confidence).DefaultIfEmpty().Average(),
            Accuracy = bins[bin].Select(prediction => prediction.Correct).DefaultIfEmpty().Average(),
        })]);
    }
}

/// <summary>The images of about equal confidence: a column of a reliability diagram.</summary>
public sealed record ReliabilityBin
{
    /// <summary>The lower end of their confidence, not included.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end, included.</summary>
    public required double High { get; init; }

    /// <summary>How many there are.</summary>
    public required long Images { get; init; }

    /// <summary>The mean probability of their predicted classes, in [0, 1]; 0 where there are none.</summary>
    public required double Confidence { get; init; }

    /// <summary>The share of them predicted correctly, in [0, 1]; 0 where there are none.</summary>
    public required double Accuracy { get; init; }
}
