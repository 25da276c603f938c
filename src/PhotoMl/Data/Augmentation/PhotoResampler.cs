using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Data;

/// <summary>Draws a turned part of a photo at another size.</summary>
/// <remarks>Where the part grows every pixel is interpolated bilinearly between the four of the photo around it. Where it shrinks, a pixel
/// is the mean of so many such values, evenly spread over what it covers, that no pixel of the photo is left out: fine patterns are
/// averaged instead of becoming coarse ones. Outside of the photo lies the pixel of its edge that is nearest. The photo is first copied
/// with its channels side by side, so that one vector holds all of a pixel.</remarks>
internal static unsafe class PhotoResampler
{
    private const int Lanes = 4;

    public static int WorkLength((int Height, int Width) size) => Lanes * (size.Height + 1) * (size.Width + 1);

    public static void Sample(
        ReadOnlySpan<byte> photo, (int Height, int Width) size, Span<float> image, (int Height, int Width) newSize, int channels, PhotoGeometry geometry, Span<float> work)
    {
        fixed (byte* source = photo)
        fixed (float* pixels = work[..WorkLength(size)])
        fixed (float* target = image[..(channels * newSize.Height * newSize.Width)])
        {
            Interleave(source, pixels, size.Height, size.Width, channels);
            Draw(pixels, size, target, newSize, channels, new Map(geometry, newSize));
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
                var pixel = channels == 3 ? Vector128.Create((float)at[0], at[plane], at[2 * plane], 0) : Vector128.Create(at[0], 0f, 0f, 0f);
                pixel.Store(pixels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Draw(float* pixels, (int Height, int Width) size, float* image, (int Height, int Width) newSize, int channels, in Map map)
    {
        var stride = Lanes * (size.Width + 1);
        var plane = newSize.Height * newSize.Width;
        var last = Vector128.Create(size.Width - 1f, size.Height - 1f, 0, 0);
        var samples = map.Samples.Length;
        fixed (Vector128<float>* offsets = map.Samples)
        {
            for (var y = 0; y < newSize.Height; y++)
            {
                var rowStart = map.First + (Vector128.Create((float)y) * map.Down);
                for (var x = 0; x < newSize.Width; x++, image++)
                {
                    var middle = rowStart + (Vector128.Create((float)x) * map.Right);
                    var sum = Vector128<float>.Zero;
                    for (var i = 0; i < samples; i++)
                    {
                        var place = Vector128.MinNative(Vector128.MaxNative(middle + offsets[i], Vector128<float>.Zero), last);
                        var corner = Vector128.ConvertToInt32Native(place);
                        var share = place - Vector128.ConvertToSingle(corner);
                        var (shareX, shareY) = (Vector128.Create(share[0]), Vector128.Create(share[1]));
                        var topLeft = pixels + (corner[1] * stride) + (corner[0] * Lanes);
                        var above = Between(Vector128.Load(topLeft), Vector128.Load(topLeft + Lanes), shareX);
                        var below = Between(Vector128.Load(topLeft + stride), Vector128.Load(topLeft + stride + Lanes), shareX);
                        sum += Between(above, below, shareY);
                    }

                    sum *= map.Share;
                    image[0] = sum[0];
                    if (channels == 3)
                    {
                        (image[plane], image[2 * plane]) = (sum[1], sum[2]);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Between(Vector128<float> first, Vector128<float> second, Vector128<float> share) => first + ((second - first) * share);

    // From a pixel of the image to the places of the photo it is the mean of; the first two numbers are columns and rows.
    private readonly struct Map
    {
        public readonly Vector128<float> First;
        public readonly Vector128<float> Right;
        public readonly Vector128<float> Down;
        public readonly Vector128<float>[] Samples;
        public readonly float Share;

        public Map(PhotoGeometry geometry, (int Height, int Width) size)
        {
            // Rounding must not turn a scale of one into two values a pixel.
            const double Slack = 1e-6;
            var (scaleX, scaleY) = (geometry.Width / size.Width, geometry.Height / size.Height);
            var (columns, rows) = (Math.Max(1, (int)Math.Ceiling(scaleX - Slack)), Math.Max(1, (int)Math.Ceiling(scaleY - Slack)));
            var (sin, cos) = Math.SinCos(geometry.Angle);
            var right = geometry.IsFlipped ? -scaleX : scaleX;

            // Places are counted from the middle of the image and turned about that of the part; pixels' middles lie at halves.
            First = Turned(0.5 - (0.5 * size.Width), 0.5 - (0.5 * size.Height), geometry.CenterX - 0.5, geometry.CenterY - 0.5);
            (Right, Down) = (Turned(1, 0, 0, 0), Turned(0, 1, 0, 0));
            Samples = new Vector128<float>[columns * rows];
            for (var i = 0; i < Samples.Length; i++)
            {
                Samples[i] = Turned((((i % columns) + 0.5) / columns) - 0.5, (((i / columns) + 0.5) / rows) - 0.5, 0, 0);
            }

            Share = 1f / Samples.Length;

            Vector128<float> Turned(double x, double y, double fromX, double fromY) => Vector128.Create(
                (float)(fromX + (cos * x * right) - (sin * y * scaleY)), (float)(fromY + (sin * x * right) + (cos * y * scaleY)), 0, 0);
        }
    }
}
