using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>A rectangle of a photo that is replaced by noise, so that a network does not rely on a single part; see
/// <see cref="PhotoAugmentationOptions.Erasing"/>.</summary>
internal readonly record struct PhotoErasure(int Left, int Top, int Width, int Height, long Seed)
{
    /// <summary>The smallest share of a photo that is erased, after Zhong et al.</summary>
    public const double SmallestArea = 0.02;

    private const double LongestAspect = 1 / 0.3;
    private const int Attempts = 10;

    public static PhotoErasure Draw(PhotoAugmentationOptions options, DeterministicRandom random, int height, int width)
    {
        if (random.NextDouble() >= options.Erasing)
        {
            return default;
        }

        var longest = Math.Log(LongestAspect);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = random.NextDouble(SmallestArea, options.ErasedArea) * height * width;
            var aspect = Math.Exp(random.NextDouble(-longest, longest));
            var (erasedHeight, erasedWidth) = ((int)Math.Round(Math.Sqrt(area / aspect)), (int)Math.Round(Math.Sqrt(area * aspect)));
            if (erasedHeight >= 1 && erasedWidth >= 1 && erasedHeight < height && erasedWidth < width)
            {
                return new PhotoErasure(random.NextInt32(width - erasedWidth + 1), random.NextInt32(height - erasedHeight + 1), erasedWidth, erasedHeight, random.NextSeed());
            }
        }

        return default;
    }

    public void Apply(Span<float> image, int height, int width, int channels)
    {
        if (Width == 0)
        {
            return;
        }

        var random = new DeterministicRandom(Seed);
        for (var row = 0; row < channels * Height; row++)
        {
            var start = (((row / Height * height) + Top + (row % Height)) * width) + Left;
            foreach (ref var value in image.Slice(start, Width))
            {
                value = (random.NextUInt64() >> 40) * (1f / (1 << 24));
            }
        }
    }
}
