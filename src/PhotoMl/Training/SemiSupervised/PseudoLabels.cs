namespace PhotoMl.Training;

/// <summary>Labels unlabeled images by a network's own predictions of weak views of them, where these are sure enough to be trained
/// on.</summary>
/// <remarks>
/// <para>FixMatch (K. Sohn et al., "FixMatch: Simplifying Semi-Supervised Learning with Consistency and Confidence", NeurIPS 2020, equation
/// 4): of N images with the probabilities q of a weak view and p of a strong one, of which c = argmax q is the pseudo-label, the loss is
/// the sum of -log p_c over the images with q_c above a threshold, divided by N. Here q are those of the moving average of the weights (A.
/// Tarvainen, H. Valpola, "Mean teachers are better role models", NeurIPS 2017).</para>
/// <para>The threshold adapts itself as in FreeMatch (Y. Wang et al., "FreeMatch: Self-adaptive Thresholding for Semi-supervised Learning",
/// ICLR 2023, equations 5 to 8): t moves towards the batch's mean of max q and m_c towards its mean of q_c, from 1/K each and by the share
/// 1 - l; an image of the pseudo-label c is used where q_c exceeds t m_c / max m. So it rises with what the network has learned, and is
/// lower for classes that it rarely predicts.</para>
/// </remarks>
internal sealed class PseudoLabels
{
    /// <summary>l, the share of the threshold and the means that stays in a step.</summary>
    internal const double Decay = 0.99;

    private readonly PseudoLabelState _state;

    public PseudoLabels(PseudoLabelState state) => _state = state;

    /// <summary>Moves the threshold by a batch, then chooses its pseudo-labels.</summary>
    /// <param name="probabilities">Those of the weak views, (N, classes), float32.</param>
    /// <param name="images">The index of each image, (N).</param>
    /// <returns>The class of each image, and 1 where it is used and 0 where it is not.</returns>
    public (long[] Labels, float[] Weights) Choose(Tensor probabilities, long[] images)
    {
        var (count, classes) = (images.Length, _state.ClassMeans.Length);
        var values = probabilities.data<float>().ToArray();
        var means = new double[classes];
        for (var i = 0; i < values.Length; i++)
        {
            means[i % classes] += values[i];
        }

        var rows = Enumerable.Range(0, count).Select(i => values.AsSpan(i * classes, classes).ToArray()).ToArray();
        _state.Threshold = Move(_state.Threshold, rows.Average(row => (double)row.Max()));
        for (var label = 0; label < classes; label++)
        {
            _state.ClassMeans[label] = Move(_state.ClassMeans[label], means[label] / count);
        }

        var largest = _state.ClassMeans.Max();
        var (labels, weights) = (new long[count], new float[count]);
        foreach (var (i, row) in rows.Index())
        {
            var label = Array.IndexOf(row, row.Max());
            labels[i] = label;
            if (row[label] > _state.Threshold * _state.ClassMeans[label] / largest)
            {
                weights[i] = 1;
                _state.Used[images[i] / 8] |= (byte)(1 << (int)(images[i] % 8));
            }
        }

        return (labels, weights);
    }

    /// <summary>The mean over all images of the cross-entropy of those that are used.</summary>
    /// <param name="logits">Those of the strong views, (N, classes).</param>
    /// <param name="labels">The pseudo-label of each image.</param>
    /// <param name="weights">1 where it is used, else 0.</param>
    public static Tensor Loss(Tensor logits, long[] labels, float[] weights) =>
        (nn.functional.cross_entropy(logits, tensor(labels), reduction: nn.Reduction.None) * tensor(weights)).mean();

    private static double Move(double value, double batch) => (Decay * value) + ((1 - Decay) * batch);
}

/// <summary>What pseudo-labels of a run depend on beside its weights; stored in its checkpoint.</summary>
internal sealed class PseudoLabelState
{
    public required double Threshold { get; set; }

    /// <summary>The moving mean of the probability of each class.</summary>
    public required double[] ClassMeans { get; init; }

    /// <summary>One bit for each unlabeled image: whether any step has used it.</summary>
    public required byte[] Used { get; init; }

    public int CountUsed => Used.Sum(bits => System.Numerics.BitOperations.PopCount(bits));

    public bool IsConsistent => Threshold is >= 0 and <= 1 && ClassMeans.Length > 0
        && Array.TrueForAll(ClassMeans, mean => mean is >= 0 and <= 1) && ClassMeans.Max() > 0;

    /// <summary>Refuses a state of other classes or images.</summary>
    public void Check(int classes, int images)
    {
        if ((ClassMeans.Length, Used.Length) != (classes, (images + 7) / 8))
        {
            throw new ArgumentException($"Expected pseudo-labels of {images} images in {classes} classes but got those of others.");
        }
    }

    public static PseudoLabelState Begin(int classes, int images) => new()
    {
        Threshold = 1.0 / classes,
        ClassMeans = [.. Enumerable.Repeat(1.0 / classes, classes)],
        Used = new byte[(images + 7) / 8],
    };
}
