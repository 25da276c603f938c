using Xunit.Abstractions;

namespace PhotoMl.Tests.Quality;

/// <summary>Measures on real photos what the remarks of <see cref="PhotoDuplicates.NearDuplicateBits"/> claim.</summary>
public sealed class PerceptualHashMeasurement(ITestOutputHelper output)
{
    private const int Sampled = 200;

    private static readonly (string Name, Func<SKBitmap, byte[]> Copy)[] Copies =
    [
        ("JPEG 40", photo => Encode(photo, 40)),
        ("JPEG 80", photo => Encode(photo, 80)),
        ("half size", photo => Resized(photo, 0.5)),
        ("quarter", photo => Resized(photo, 0.25)),
        ("2 % cut off", photo => Cropped(photo, 0.02)),
        ("4 % cut off", photo => Cropped(photo, 0.04)),
        ("brighter", photo => Brightened(photo, 1.2f, 0.03f)),
        ("darker", photo => Brightened(photo, 0.8f, 0)),
    ];

    [FactWithClothing]
    public void Copies_are_found_and_different_photos_are_not_taken_for_copies()
    {
        var photos = PhotoFolder.Open(FactWithClothingAttribute.Folder!).Photos;
        var originals = new PhotoInfo[photos.Count];
        Parallel.For(0, photos.Count, i => originals[i] = PhotoExaminer.Examine(photos[i]));

        var stride = photos.Count / Sampled;
        var distances = Copies.ToDictionary(copy => copy.Name, _ => new int[Sampled]);
        Parallel.For(0, Sampled, i =>
        {
            using var photo = SKBitmap.Decode(photos[i * stride].Path);
            foreach (var (name, copy) in Copies)
            {
                distances[name][i] = Distance(
                    originals[i * stride], PhotoExaminer.Measure(originals[i * stride], ImageFile.Decode(copy(photo), name)));
            }
        });

        var pairs = new int[PerceptualHash.Bits + 1];
        PerceptualHash.ForEachPair(
            [.. originals.Select(photo => photo.Hash)],
            PerceptualHash.Bits,
            (first, second, _) => pairs[Distance(originals[first], originals[second])] +=
                originals[first].Sha256 == originals[second].Sha256 ? 0 : 1);
        Write(pairs, distances);
        var limit = PhotoDuplicates.NearDuplicateBits;
        Assert.All(
            Copies.Where(copy => copy.Name != "4 % cut off"),
            copy => Assert.InRange(distances[copy.Name].Count(bits => bits <= limit), 0.985 * Sampled, Sampled));
        Assert.InRange(pairs[..(limit + 1)].Sum(), 0, 6); // of 5.8 million
    }

    // In all bits where the finer ones tell the photos apart.
    private static int Distance(PhotoInfo first, PhotoInfo second) =>
        PhotoDuplicates.AreFinerPartsNear(first, second)
            ? PerceptualHash.Distance(first.Hash!.Value, second.Hash!.Value)
            : PerceptualHash.Bits;

    private void Write(int[] pairs, Dictionary<string, int[]> distances)
    {
        output.WriteLine($"bits  pairs of originals  {string.Join("  ", Copies.Select(copy => copy.Name))}");
        for (var bits = 0; bits <= 40; bits += 2)
        {
            var found = distances.Select(
                entry => $"{entry.Value.Count(distance => distance <= bits) / (double)Sampled:P1}".PadLeft(entry.Key.Length));
            output.WriteLine($"{bits,4}  {pairs[..(bits + 1)].Sum(),18}  {string.Join("  ", found)}");
        }
    }

    private static byte[] Encode(SKBitmap photo, int quality)
    {
        using var data = photo.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }

    private static byte[] Resized(SKBitmap photo, double scale)
    {
        var size = new SKSizeI((int)(photo.Width * scale), (int)(photo.Height * scale));
        using var smaller = photo.Resize(size, new SKSamplingOptions(SKCubicResampler.Mitchell));
        return Encode(smaller, 85);
    }

    /// <summary>Cuts a share of the width and height off, unevenly.</summary>
    private static byte[] Cropped(SKBitmap photo, double share)
    {
        var (width, height) = ((int)(photo.Width * (1 - share)), (int)(photo.Height * (1 - share)));
        return Drawn(photo, width, height, -(photo.Width - width) * 0.7f, -(photo.Height - height) * 0.3f);
    }

    private static byte[] Brightened(SKBitmap photo, float factor, float shift)
    {
        float[] matrix = [factor, 0, 0, 0, shift, 0, factor, 0, 0, shift, 0, 0, factor, 0, shift, 0, 0, 0, 1, 0];
        using var filter = SKColorFilter.CreateColorMatrix(matrix);
        using var paint = new SKPaint { ColorFilter = filter };
        return Drawn(photo, photo.Width, photo.Height, 0, 0, paint);
    }

    private static byte[] Drawn(SKBitmap photo, int width, int height, float left, float top, SKPaint? paint = null)
    {
        using var result = new SKBitmap(width, height);
        using var canvas = new SKCanvas(result);
        canvas.DrawBitmap(photo, left, top, paint);
        canvas.Flush();
        return Encode(result, 85);
    }
}
