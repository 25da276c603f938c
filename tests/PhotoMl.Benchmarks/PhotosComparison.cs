using System.Diagnostics;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Runtime;
using SkiaSharp;

namespace PhotoMl.Benchmarks;

/// <summary>Reading a folder of photos: the loop that everybody writes, against the cache on all threads.</summary>
/// <remarks>Block by block in turn, so that a slower moment of the machine meets both alike; figures are medians of the blocks.</remarks>
internal sealed class PhotosComparison(PhotoList photos, BenchmarkOptions options)
{
    private const int Size = 128;
    private const int PhotosPerBlock = 512;

    private readonly List<(double Plain, double Cached)> _secondsPerPhoto = [];

    public static void Run(string folder, BenchmarkOptions options)
    {
        var comparison = new PhotosComparison(PhotoFolder.Open(folder), options);
        comparison.Measure();
        comparison.Print();
    }

    private void Measure()
    {
        NativeLibraries.EnsureLoaded();

        // Neighbours are of one class and often of one camera, so each block is drawn from the whole folder.
        var order = new DeterministicRandom(1).Permutation(photos.Photos.Count);
        var blocks = order.Select(i => photos.Photos[(int)i]).Chunk(PhotosPerBlock).ToList();
        Plain(blocks[0]);
        Cached(blocks[0]);
        foreach (var block in Enumerable.Repeat(blocks, options.Rounds).SelectMany(round => round))
        {
            _secondsPerPhoto.Add((Plain(block) / block.Length, Cached(block) / block.Length));
        }
    }

    private void Print()
    {
        var (plain, cached) = (1 / Median(item => item.Plain), 1 / Median(item => item.Cached));
        var ratio = Median(item => item.Plain / item.Cached);
        Console.WriteLine(
            $"photos: {photos.Photos.Count} photos to {Size} x {Size}, "
            + $"medians of {_secondsPerPhoto.Count} blocks of {PhotosPerBlock}, sides in turn");
        Console.WriteLine($"{"",-46}{"photos/s",10}{"ratio",8}");
        Console.WriteLine($"{"plain loop: decode in full, resize, one thread",-46}{plain,10:F0}{1.0,8:F2}");
        Console.WriteLine($"{$"PhotoMl's cache, {options.Threads} threads",-46}{cached,10:F0}{ratio,8:F2}");
        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                plain_photos_per_second = Math.Round(plain, 1),
                cached_photos_per_second = Math.Round(cached, 1),
                ratio = Math.Round(ratio, 3),
            }));
        }
    }

    private static double Plain(PhotoEntry[] block)
    {
        var clock = Stopwatch.StartNew();
        var pixels = new byte[block.Length * 3 * Size * Size];
        var sampling = new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear);
        foreach (var (i, photo) in block.Index())
        {
            using var bitmap = SKBitmap.Decode(photo.Path);
            using var small = bitmap.Resize(new SKImageInfo(Size, Size, SKColorType.Rgba8888), sampling);
            var rgba = small.GetPixelSpan();
            var target = pixels.AsSpan(i * 3 * Size * Size, 3 * Size * Size);
            for (var pixel = 0; pixel < Size * Size; pixel++)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    target[(channel * Size * Size) + pixel] = rgba[(4 * pixel) + channel];
                }
            }
        }

        return clock.Elapsed.TotalSeconds;
    }

    private double Cached(PhotoEntry[] block)
    {
        var cache = Directory.CreateTempSubdirectory("photoml-benchmark-");
        try
        {
            var clock = Stopwatch.StartNew();
            using var cached = PhotoCache.Open(
                photos with { Photos = block },
                ImagePreprocessing.ForPhotos(3, Size),
                new DatasetLoadOptions { CacheFolder = cache.FullName, Threads = options.Threads });
            return cached.Photos.Count == block.Length
                ? clock.Elapsed.TotalSeconds
                : throw new InvalidOperationException($"{cached.Unreadable[0].Path}: {cached.Unreadable[0].Problem}");
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    private double Median(Func<(double Plain, double Cached), double> figure) =>
        _secondsPerPhoto.Select(figure).Order().ElementAt(_secondsPerPhoto.Count / 2);
}
