using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>Which part of a photo is seen, and how it is turned; lengths in the photo's pixels, its corner at (0, 0).</summary>
internal readonly record struct PhotoGeometry(double CenterX, double CenterY, double Width, double Height, bool IsFlipped = false, double Angle = 0)
{
    private const int Attempts = 10;

    public static PhotoGeometry Draw(PhotoAugmentationOptions options, long seed, int height, int width)
    {
        var (partWidth, partHeight, left, top) = DrawCrop(options, new DeterministicRandom(seed, 0));
        return new PhotoGeometry(
            (left + (partWidth / 2)) * width,
            (top + (partHeight / 2)) * height,
            partWidth * width,
            partHeight * height,
            new DeterministicRandom(seed, 1).NextDouble() < options.Flip,
            new DeterministicRandom(seed, 2).NextDouble(-1, 1) * options.Rotation * Math.PI / 180);
    }

    // As shares of the photo. A crop that does not fit is drawn again, and at last it is the whole photo, as in torchvision.
    private static (double Width, double Height, double Left, double Top) DrawCrop(PhotoAugmentationOptions options, DeterministicRandom random)
    {
        var longest = Math.Log(options.Aspect);
        for (var attempt = 0; attempt < Attempts && options.CropArea < 1; attempt++)
        {
            var area = random.NextDouble(options.CropArea, 1);
            var aspect = Math.Exp(random.NextDouble(-longest, longest));
            var (width, height) = (Math.Sqrt(area * aspect), Math.Sqrt(area / aspect));
            if (width <= 1 && height <= 1)
            {
                return (width, height, random.NextDouble() * (1 - width), random.NextDouble() * (1 - height));
            }
        }

        return (1, 1, 0, 0);
    }
}
