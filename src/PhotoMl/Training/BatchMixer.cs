namespace PhotoMl.Training;

/// <summary>Mixes the images of a batch with each other, and what is expected of the network likewise.</summary>
/// <remarks>Mixup lays each image over another one: l a + (1 - l) b, with l from the distribution Beta(alpha, alpha) (H. Zhang et al.,
/// "mixup: Beyond Empirical Risk Minimization", ICLR 2018). CutMix puts a rectangle of 1 - l of the area of another image into each (S. Yun
/// et al., "CutMix", ICCV 2019); what of it lies outside of the image is cut off, and l becomes the share that is left. One l serves a
/// whole batch, as in the authors' programs. Where both are on, either is as probable.</remarks>
internal sealed class BatchMixer(ClassifierTrainingOptions options)
{
    public ClassifierBatch Mix(Tensor images, Tensor labels, int classes, DeterministicRandom random)
    {
        if (options.Mixup == 0 && options.CutMix == 0)
        {
            return new ClassifierBatch(images, labels, Targets: null);
        }

        var cuts = options.CutMix > 0 && (options.Mixup == 0 || random.NextInt32(2) == 0);
        var share = random.NextBeta(cuts ? options.CutMix : options.Mixup);
        var partners = tensor(random.Permutation((int)images.shape[0]));
        var others = images.index_select(0, partners);
        var mixed = cuts ? Cut(images, others, ref share, random) : images.lerp(others, (float)(1 - share));
        var otherLabels = labels.index_select(0, partners);
        var targets = OneHot(labels, classes, share) + OneHot(otherLabels, classes, 1 - share); // (N, classes)
        return new ClassifierBatch(mixed, share >= 0.5 ? labels : otherLabels, targets);
    }

    private static Tensor OneHot(Tensor labels, int classes, double share) =>
        nn.functional.one_hot(labels, classes).to(ScalarType.Float32).mul_((float)share);

    private static Tensor Cut(Tensor images, Tensor others, ref double share, DeterministicRandom random)
    {
        var (height, width) = (images.shape[2], images.shape[3]);
        var (top, bottom) = Side(height, share, random);
        var (left, right) = Side(width, share, random);
        share = 1 - ((double)((bottom - top) * (right - left)) / (height * width));
        var mixed = images.clone();
        Part(mixed).copy_(Part(others));
        return mixed;

        Tensor Part(Tensor whole) => whole.narrow(2, top, bottom - top).narrow(3, left, right - left);
    }

    // A rectangle with the sides' proportions, its middle anywhere in the image.
    private static (long Start, long End) Side(long size, double share, DeterministicRandom random)
    {
        var half = size * Math.Sqrt(1 - share) / 2;
        var middle = random.NextDouble() * size;
        return ((long)Math.Round(Math.Max(0, middle - half)), (long)Math.Round(Math.Min(size, middle + half)));
    }
}
