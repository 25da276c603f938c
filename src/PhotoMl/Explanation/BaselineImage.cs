using PhotoMl.Imaging;

namespace PhotoMl.Explanation;

/// <summary>Makes the images that stand for nothing to be seen.</summary>
internal static class BaselineImage
{
    private const double BlurShare = 1.0 / 8;

    public static Tensor Of(Tensor image, ExplanationBaseline baseline)
    {
        using var scope = NewDisposeScope();
        var result = baseline switch
        {
            ExplanationBaseline.Ground => MedianOfBorder(image).expand_as(image).contiguous(),
            ExplanationBaseline.Black => zeros_like(image),
            ExplanationBaseline.Blurred => Blur(image, BlurShare * Math.Min(image.shape[2], image.shape[3])),
            _ => throw new ArgumentException($"Expected a known baseline but got {baseline}.", nameof(baseline)),
        };
        return result.MoveToOuterDisposeScope();
    }

    private static Tensor MedianOfBorder(Tensor image)
    {
        var pixels = image.permute(0, 2, 3, 1).contiguous().data<float>().ToArray(); // (1, H, W, C)
        var picture = new FloatImage((int)image.shape[3], (int)image.shape[2], pixels, (int)image.shape[1]);
        return tensor(picture.BorderMedians(), [1, picture.Channels, 1, 1]);
    }

    /// <summary>Blurs by a Gaussian, whose window of three deviations a side sees the outermost pixels go on beyond the edge.</summary>
    private static Tensor Blur(Tensor image, double deviation) =>
        Averages(image.shape[2], deviation).matmul(image).matmul(Averages(image.shape[3], deviation).t());

    // What each pixel of a line has of every other, (size, size).
    private static Tensor Averages(long size, double deviation)
    {
        var reach = (int)Math.Ceiling(3 * deviation);
        var offsets = Enumerable.Range(-reach, (2 * reach) + 1);
        var weights = offsets.Select(offset => Math.Exp(-0.5 * Math.Pow(offset / deviation, 2))).ToArray();
        var sum = weights.Sum();
        var averages = new double[size * size];
        for (var pixel = 0L; pixel < size; pixel++)
        {
            foreach (var offset in offsets)
            {
                averages[(pixel * size) + Math.Clamp(pixel + offset, 0, size - 1)] += weights[offset + reach] / sum;
            }
        }

        return tensor(averages, [size, size], ScalarType.Float32);
    }
}
