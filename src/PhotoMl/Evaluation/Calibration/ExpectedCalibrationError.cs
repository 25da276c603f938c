namespace PhotoMl.Evaluation;

/// <summary>Sorts predictions into the bins of <see cref="CalibrationReport"/>, one by one.</summary>
internal sealed class ExpectedCalibrationError
{
    public const int Bins = 15;

    private readonly long[] _images = new long[Bins];
    private readonly long[] _correct = new long[Bins];
    private readonly double[] _confidence = new double[Bins];

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

    /// <summary>Adds a batch: probabilities, (N, classes), row by row, and the class of each image.</summary>
    public void Add(ReadOnlySpan<double> probabilities, ReadOnlySpan<long> labels)
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

    public CalibrationReport ToReport() => new([.. Enumerable.Range(0, Bins).Select(bin => new ReliabilityBin
    {
        Low = (double)bin / Bins,
        High = (bin + 1.0) / Bins,
        Images = _images[bin],
        Confidence = _confidence[bin] / Math.Max(1, _images[bin]),
        Accuracy = (double)_correct[bin] / Math.Max(1, _images[bin]),
    })]);
}
