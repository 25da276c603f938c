using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>Digits that the library draws itself, for where MNIST cannot be had.</summary>
/// <remarks>A digit is a few pen strokes along a hand-made skeleton, bent as hands bend them, then placed as MNIST places its digits.
/// Nothing is learned or copied from MNIST's images, and still a classifier trained on these digits alone reads MNIST.</remarks>
internal static class BuiltInDigits
{
    private const int ClassCount = 10;

    private const long OrderStream = 0;
    private const long ImageStream = 1;

    public static LabelledImages Generate(int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / DigitPlacement.ImageArea);

        var pixels = new byte[count * DigitPlacement.ImageArea];
        var labels = new byte[count];
        var blocks = (count + ClassCount - 1) / ClassCount;

        Parallel.For(0, blocks, block =>
        {
            var order = new DeterministicRandom(seed, OrderStream, block).Permutation(ClassCount);
            var first = block * ClassCount;
            for (var k = first; k < Math.Min(first + ClassCount, count); k++)
            {
                labels[k] = (byte)order[k - first];
                Draw(labels[k], new DeterministicRandom(seed, ImageStream, k), pixels.AsSpan(k * DigitPlacement.ImageArea, DigitPlacement.ImageArea));
            }
        });

        return new LabelledImages(DigitPlacement.ImageSize, DigitPlacement.ImageSize, pixels, labels);
    }

    private static void Draw(int digit, DeterministicRandom random, Span<byte> image)
    {
        var style = DigitStyle.Draw(random);
        var ink = style.Write(DigitSkeletons.Draw(digit, random), random);
        Span<float> box = stackalloc float[DigitPlacement.BoxArea];
        DigitPlacement.FitIntoBox(ink, style.EdgeWidth);
        StrokeRasterizer.Draw(ink, style.EdgeWidth, box, DigitPlacement.BoxSize);
        DigitPlacement.CentreByMass(box, style.Contrast, image);
    }
}
