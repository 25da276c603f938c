namespace PhotoMl.Evaluation;

/// <summary>Sorts predictions into bins of confidence, one by one.</summary>
/// <remarks>
/// 15 bins of equal width, as Guo et al. (2017, section 5) have them: bin m of M holds the confidences in ((m - 1) / M, m / M]. A confidence of 0 counts in the first. Few images make
/// the figure too large: a bin of one image errs by its whole distance to 0 or 1.
/// </remarks>
public sealed class ExpectedCalibrationError
{
    /// <summary>The number of bins, 15.</summary>
    public const int Bins = 15;

    private readonly long[] _images = new long[Bins];
    private readonly long[] _correct = new long[Bins];
    private readonly double[] _confidence = new double[Bins];

    /// <summary>Counts one prediction.</summary>
    /// <param name="confidence">The probability of the predicted class, in [0, 1].</param>
    /// <param name="isCorrect">Whether it is the image's class.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is no probability.</exception>
    public void Add(double confidence, bool isCorrect)
    {
        if (!(confidence >= 0 && confidence <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), $"Expected a probability but got {confidence}.");
        }

        var bin = Math.Clamp((int)Math.Ceiling(confidence * Bins) - 1, 0, Bins - 1);
        _images[bin]++;
        _correct[bin] += isCorrect ? 1 : 0;
        _confidence[bin] += confidence;
    }

    /// <summary>Says what was counted.</summary>
    /// <returns>All bins, those without images too.</returns>
    public CalibrationReport ToReport() => new([.. Enumerable.Range(0, Bins).Select(bin => new ReliabilityBin(
        (double)bin / Bins,
        (bin + 1.0) / Bins,
        _images[bin],
        _images[bin] == 0 ? 0 : _confidence[bin] / _images[bin],
        _images[bin] == 0 ? 0 : (double)_correct[bin] / _images[bin]))]);

    /// <summary>Counts the predictions of a batch.</summary>
    /// <param name="probabilities">(N, classes), row by row.</param>
    /// <param name="labels">The class of each image, (N).</param>
    internal void Add(ReadOnlySpan<double> probabilities, ReadOnlySpan<long> labels)
    {
        var classes = probabilities.Length / labels.Length;
        for (var row = 0; row < labels.Length; row++)
        {
            var ofImage = probabilities.Slice(row * classes, classes);
            var predicted = 0;
            for (var label = 1; label < classes; label++)
            {
                predicted = ofImage[label] > ofImage[predicted] ? label : predicted;
            }

            Add(Math.Min(ofImage[predicted], 1), predicted == labels[row]);
        }
    }
}
