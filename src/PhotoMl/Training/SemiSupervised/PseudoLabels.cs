using System.Numerics;
using System.Text.Json.Serialization;

namespace PhotoMl.Training;

/// <summary>Labels unlabeled images by a network's own predictions of weak views of them, where their probability exceeds a
/// threshold; stored in the checkpoint of a run.</summary>
/// <remarks>
/// <para>FixMatch (K. Sohn et al., "FixMatch: Simplifying Semi-Supervised Learning with Consistency and Confidence", NeurIPS 2020, equation
/// 4): of N images with the probabilities q of a weak view and p of a strong one, of which c = argmax q is the pseudo-label, the loss is
/// the sum of -log p_c over the images with q_c above a threshold, divided by N. Here q are those of the moving average of the weights (A.
/// Tarvainen, H. Valpola, "Mean teachers are better role models", NeurIPS 2017).</para>
/// <para>The threshold adapts itself as in FreeMatch (Y. Wang et al., "FreeMatch: Self-adaptive Thresholding for Semi-supervised Learning",
/// ICLR 2023, equations 5 to 8): t moves towards the batch's mean of max q and m_c towards its mean of q_c, from 1/K each and by the share
/// 1 - l; an image of the pseudo-label c is used where q_c exceeds t m_c / max m. So it rises with what the network has learned, and is
/// lower for classes that it rarely predicts; a fixed minimum as in FixMatch may stand beside it. There l is 0.999 in a million steps; here
/// it is 0.99 in some thousands.</para>
/// </remarks>
internal sealed class PseudoLabels
{
    private const double Decay = 0.99;

    /// <summary>The threshold t.</summary>
    public required double Threshold { get; set; }

    /// <summary>The moving mean m of the probability of each class.</summary>
    public required double[] ClassMeans { get; init; }

    /// <summary>One bit for each unlabeled image: whether any step has used it.</summary>
    public required byte[] Used { get; init; }

    [JsonIgnore]
    public int CountUsed => Used.Sum(bits => BitOperations.PopCount(bits));

    [JsonIgnore]
    public bool IsConsistent =>
        Threshold is >= 0 and <= 1 && Array.TrueForAll(ClassMeans, mean => mean is >= 0 and <= 1) && ClassMeans.Sum() > 0;

    public static PseudoLabels Begin(int classes, int images) => new()
    {
        Threshold = 1.0 / classes,
        ClassMeans = [.. Enumerable.Repeat(1.0 / classes, classes)],
        Used = new byte[(images + 7) / 8],
    };

    /// <summary>Moves the threshold by a batch, then chooses its pseudo-labels.</summary>
    /// <param name="probabilities">Those of the weak views, (N, classes), float32.</param>
    /// <param name="images">The index of each image, (N).</param>
    /// <param name="minimum">The least probability of a pseudo-label where its threshold is lower.</param>
    /// <returns>The class of each image, and 1 where it is used and 0 where it is not.</returns>
    public (long[] Labels, float[] Weights) Choose(Tensor probabilities, long[] images, double minimum)
    {
        var rows = probabilities.data<float>().ToArray().Chunk(ClassMeans.Length).ToArray();
        Threshold = Move(Threshold, rows.Average(row => (double)row.Max()));
        for (var label = 0; label < ClassMeans.Length; label++)
        {
            ClassMeans[label] = Move(ClassMeans[label], rows.Average(row => (double)row[label]));
        }

        var labels = Array.ConvertAll(rows, row => (long)Array.IndexOf(row, row.Max()));
        var weights = new float[rows.Length];
        foreach (var (i, label) in labels.Index())
        {
            weights[i] = rows[i][label] > Math.Max(minimum, Threshold * ClassMeans[label] / ClassMeans.Max()) ? 1 : 0;
            Used[images[i] / 8] |= (byte)((int)weights[i] << (int)(images[i] % 8));
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
