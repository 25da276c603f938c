using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Size = (int Height, int Width);

namespace PhotoMl.Data;

/// <summary>Draws a turned part of a photo at another size.</summary>
/// <remarks>Where the part grows every pixel is interpolated bilinearly between the four of the photo around it. Where it shrinks, a pixel
/// is the mean of so many such values, evenly spread over what it covers, that no pixel of the photo is left out: fine patterns are
/// averaged instead of becoming coarse ones. Outside of the photo lies the pixel of its edge that is nearest. The photo is first copied
/// with its channels side by side, so that one vector holds all of a pixel.</remarks>
internal static unsafe class PhotoResampler
{
    private const int Lanes = 4;

    public static int WorkLength(Size size) => Lanes * (size.Height + 1) * (size.Width + 1);

    public static void Sample(
        ReadOnlySpan<byte> photo, Size size, Span<float> image, Size newSize, int channels, PhotoGeometry geometry, Span<float> work)
    {
        fixed (byte* source = photo)
        fixed (float* pixels = work[..WorkLength(size)])
        fixed (float* target = image[..(channels * newSize.Height * newSize.Width)])
        {
            Interleave(source, pixels, size.Height, size.Width, channels);
            Draw(pixels, size, target, newSize, channels, geometry);
        }
    }

    // The last row and column are there twice, so that every pixel has a right and a lower neighbor.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleave(byte* photo, float* pixels, int height, int width, int channels)
    {
        var plane = height * width;
        for (var y = 0; y <= height; y++)
        {
            var row = photo + (Math.Min(y, height - 1) * width);
            for (var x = 0; x <= width; x++, pixels += Lanes)
            {
                var at = row + Math.Min(x, width - 1);

                // All four numbers, for whatever the memory held before may be a number that takes a hundred times as long to compute with.
                var pixel = channels == 3
                    ? Vector128.Create((float)at[0], at[plane], at[2 * plane], 0)
                    : Vector128.Create(at[0], 0f, 0f, 0f);
                pixel.Store(pixels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Draw(float* pixels, Size size, float* image, Size newSize, int channels, PhotoGeometry geometry)
    {
        // Rounding must not turn a scale of one into two values a pixel.
        const double Slack = 1e-6;
        var (scaleX, scaleY) = (geometry.Width / newSize.Width, geometry.Height / newSize.Height);
        var (columns, rows) = (Math.Max(1, (int)Math.Ceiling(scaleX - Slack)), Math.Max(1, (int)Math.Ceiling(scaleY - Slack)));
        var (sin, cos) = Math.SinCos(geometry.Angle);
        var signedX = geometry.IsFlipped ? -scaleX : scaleX;

        // Places are counted from the middle of the image and turned about that of the part; pixels' middles lie at halves.
        var first = Turned(0.5 - (0.5 * newSize.Width), 0.5 - (0.5 * newSize.Height), geometry.CenterX - 0.5, geometry.CenterY - 0.5);
        var (right, down) = (Turned(1, 0, 0, 0), Turned(0, 1, 0, 0));
        var samples = new Vector128<float>[columns * rows];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = Turned((((i % columns) + 0.5) / columns) - 0.5, (((i / columns) + 0.5) / rows) - 0.5, 0, 0);
        }

        var stride = Lanes * (size.Width + 1);
        var plane = newSize.Height * newSize.Width;
        var last = Vector128.Create(size.Width - 1f, size.Height - 1f, 0, 0);
        var (count, share) = (samples.Length, 1f / samples.Length);
        fixed (Vector128<float>* offsets = samples)
        {
            for (var y = 0; y < newSize.Height; y++)
            {
                var rowStart = first + (Vector128.Create((float)y) * down);
                for (var x = 0; x < newSize.Width; x++, image++)
                {
                    var middle = rowStart + (Vector128.Create((float)x) * right);
                    var sum = Vector128<float>.Zero;
                    for (var i = 0; i < count; i++)
                    {
                        var place = Vector128.MinNative(Vector128.MaxNative(middle + offsets[i], Vector128<float>.Zero), last);
                        var corner = Vector128.ConvertToInt32Native(place);
                        var rest = place - Vector128.ConvertToSingle(corner);
                        var (shareX, shareY) = (Vector128.Create(rest[0]), Vector128.Create(rest[1]));
                        var topLeft = pixels + (corner[1] * stride) + (corner[0] * Lanes);
                        var above = Between(Vector128.Load(topLeft), Vector128.Load(topLeft + Lanes), shareX);
                        var below = Between(Vector128.Load(topLeft + stride), Vector128.Load(topLeft + stride + Lanes), shareX);
                        sum += Between(above, below, shareY);
                    }

                    sum *= share;
                    image[0] = sum[0];
                    if (channels == 3)
                    {
                        (image[plane], image[2 * plane]) = (sum[1], sum[2]);
                    }
                }
            }
        }

        // From a pixel of the image to a place of the photo; the first two numbers are its column and row.
        Vector128<float> Turned(double x, double y, double fromX, double fromY) => Vector128.Create(
            (float)(fromX + (cos * x * signedX) - (sin * y * scaleY)), (float)(fromY + (sin * x * signedX) + (cos * y * scaleY)), 0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Between(Vector128<float> first, Vector128<float> second, Vector128<float> share) =>
        first + ((second - first) * share);
}

/// <summary>Which part of a photo is seen, and how it is turned; lengths in the photo's pixels, its corner at (0, 0).</summary>
internal readonly record struct PhotoGeometry(
    double CenterX, double CenterY, double Width, double Height, bool IsFlipped = false, double Angle = 0)
{
    private const int Attempts = 10;

    // A crop that does not fit is drawn again, and at last it is the whole photo, as in torchvision.
    public static PhotoGeometry Draw(PhotoAugmentationOptions options, long seed, int height, int width, bool isFlipped)
    {
        var random = new DeterministicRandom(seed, 0);
        var longest = Math.Log(options.Aspect);
        var (x, y, partWidth, partHeight) = (0.5, 0.5, 1.0, 1.0); // the middle and the size, as shares of the photo
        for (var attempt = 0; attempt < Attempts && options.CropArea < 1; attempt++)
        {
            var area = random.NextDouble(options.CropArea, 1);
            var aspect = Math.Exp(random.NextDouble(-longest, longest));
            var (columns, rows) = (Math.Sqrt(area * aspect), Math.Sqrt(area / aspect));
            if (columns <= 1 && rows <= 1)
            {
                x = (random.NextDouble() * (1 - columns)) + (columns / 2);
                y = (random.NextDouble() * (1 - rows)) + (rows / 2);
                (partWidth, partHeight) = (columns, rows);
                break;
            }
        }

        var angle = new DeterministicRandom(seed, 2).NextDouble(-1, 1) * options.Rotation * Math.PI / 180;
        return new PhotoGeometry(x * width, y * height, partWidth * width, partHeight * height, isFlipped, angle);
    }
}
