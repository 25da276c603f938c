namespace PhotoMl.Training;

/// <summary>What a classifier minimises: cross-entropy, with rare classes or hard images made to count more where that is asked
/// for.</summary>
/// <remarks>
/// <para>Of an image with the target distribution q (all on one class, or shared between the classes of a mixed image) and the predicted
/// one p, over K classes, with label smoothing e: q' = (1 - e) q + e / K, and the loss is -sum q' log p. A batch's loss is the mean over
/// its images.</para>
/// <para><see cref="ClassBalance.Weights"/> multiplies an image's loss by sum q w, where w = N / (K n) for a class with n of the N training
/// images, K counting only classes that have any: inverse frequency (G. King, L. Zeng, "Logistic Regression in Rare Events Data", Political
/// Analysis 2001; scikit-learn's "balanced"), of which the mean over the training images is 1, so that the learning rate keeps its meaning.
/// The batch's loss is divided by its images, not by their weights, so that a batch of rare classes moves the network further.</para>
/// <para><see cref="ClassBalance.Focal"/> makes it -sum q' (1 - p)^gamma log p: T.-Y. Lin et al., "Focal Loss for Dense Object Detection",
/// ICCV 2017, equation 4.</para>
/// </remarks>
internal sealed class ClassifierLoss(ClassifierTrainingOptions options, int[] counts) : IDisposable
{
    private readonly Tensor? _weights =
        options.Balance == ClassBalance.Weights ? tensor(WeightsOf(counts)).DetachFromDisposeScope() : null;

    // Several threads compute a loss at once, and so its numbers must not be temporary (KeptScalars).
    private readonly TorchSharp.Scalar _certainty = 1 - options.LabelSmoothing;
    private readonly TorchSharp.Scalar _doubt = options.LabelSmoothing / counts.Length;
    private readonly TorchSharp.Scalar _gamma = options.FocalGamma;
    private readonly TorchSharp.Scalar _least = 1e-6;

    internal static float[] WeightsOf(int[] counts)
    {
        var (total, occurring) = (counts.Sum(), counts.Count(count => count > 0));
        return Array.ConvertAll(counts, count => count == 0 ? 0 : (float)((double)total / occurring / count));
    }

    public Tensor Compute(Tensor logits, ClassifierBatch batch)
    {
        if (options.Balance is ClassBalance.None or ClassBalance.Sampler && batch.Targets is null)
        {
            return nn.functional.cross_entropy(logits, batch.Labels, label_smoothing: options.LabelSmoothing);
        }

        using var scope = NewDisposeScope();
        var classes = logits.shape[1];
        var targets = batch.Targets ?? nn.functional.one_hot(batch.Labels, classes).to(ScalarType.Float32); // (N, classes)
        var smoothed = targets.mul(_certainty).add(_doubt, KeptScalars.One);
        var logProbabilities = nn.functional.log_softmax(logits, 1);
        var terms = smoothed * logProbabilities; // (N, classes)
        if (options.Balance == ClassBalance.Focal && options.FocalGamma > 0)
        {
            // Rounding can make a probability exceed 1, and the power of a negative number is none.
            terms *= logProbabilities.expm1().neg().clamp(min: _least).pow(_gamma);
        }

        var losses = terms.sum(1).neg(); // (N)
        if (_weights is not null)
        {
            losses *= targets.mv(_weights);
        }

        return losses.mean().MoveToOuterDisposeScope();
    }

    public void Dispose() => _weights?.Dispose();
}
