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
        var pixels = new byte[count * DigitRenderer.ImageArea];
        var labels = new byte[count];
        Parallel.For(0, (count + ClassCount - 1) / ClassCount, block =>
        {
            var order = new DeterministicRandom(seed, OrderStream, block).Permutation(ClassCount);
            for (var (i, k) = (0, block * ClassCount); i < ClassCount && k < count; i++, k++)
            {
                labels[k] = (byte)order[i];
                var random = new DeterministicRandom(seed, ImageStream, k);
                var style = new DigitStyle(random);
                var strokes = DigitSkeletons.Draw(labels[k], random);
                var image = pixels.AsSpan(k * DigitRenderer.ImageArea, DigitRenderer.ImageArea);
                DigitRenderer.Draw(Array.ConvertAll(strokes, path => style.Write(path, random)), style, image);
            }
        });
        return new LabelledImages(DigitRenderer.ImageSize, DigitRenderer.ImageSize, pixels, labels);
    }
}
