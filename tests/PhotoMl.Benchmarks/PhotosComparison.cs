using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Runtime;
using SkiaSharp;

namespace PhotoMl.Benchmarks;

/// <summary>Reading a folder of photos: the loop that everybody writes, against the cache on all threads with all it does for safety.</summary>
/// <remarks>Block by block in turn, so that a slower moment of the machine meets both alike; the figures are medians over the blocks.</remarks>
internal sealed class PhotosComparison
{
    private const int Size = 128;
    private const int PhotosPerBlock = 512;

    private readonly PhotoList _photos;
    private readonly int _rounds;
    private readonly int _threads;
    private readonly List<(double Plain, double Cached)> _secondsPerPhoto = [];

    private PhotosComparison(PhotoList photos, int rounds, int threads)
    {
        _photos = photos;
        _rounds = rounds;
        _threads = threads;
    }

    /// <summary>Runs <c>photos FOLDER [--rounds N] [--threads N] [--json]</c>.</summary>
    public static int Run(string[] args)
    {
        if (args is not [var folder, .. var rest] || !Directory.Exists(folder))
        {
            Console.Error.WriteLine("usage: photos FOLDER [--rounds N] [--threads N] [--json]");
            return 1;
        }

        var comparison = new PhotosComparison(PhotoFolder.Open(folder), Number(rest, "--rounds") ?? 1, Number(rest, "--threads") ?? Environment.ProcessorCount);
        comparison.Measure();
        comparison.Print(rest.Contains("--json"));
        return 0;
    }

    private static int? Number(string[] args, string option) =>
        Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : null;

    private void Measure()
    {
        NativeLibraries.EnsureLoaded();

        // Neighbours are of one class and often of one camera, so each block is drawn from the whole folder.
        var blocks = new DeterministicRandom(1).Permutation(_photos.Photos.Count).Select(i => _photos.Photos[(int)i]).Chunk(PhotosPerBlock).ToList();
        Plain(blocks[0]);
        Cached(blocks[0]);
        for (var round = 0; round < _rounds; round++)
        {
            foreach (var block in blocks)
            {
                _secondsPerPhoto.Add((Plain(block) / block.Length, Cached(block) / block.Length));
            }
        }
    }

    private void Print(bool asJson)
    {
        var (plain, cached) = (1 / Median(item => item.Plain), 1 / Median(item => item.Cached));
        var ratio = Median(item => item.Plain / item.Cached);
        Console.WriteLine($"photos: {_photos.Photos.Count} photos to {Size} x {Size}, medians of {_secondsPerPhoto.Count} blocks of {PhotosPerBlock}, sides in turn");
        Console.WriteLine($"{"",-46}{"photos/s",10}{"ratio",8}");
        Console.WriteLine($"{"plain loop: decode in full, resize, one thread",-46}{plain,10:F0}{1.0,8:F2}");
        Console.WriteLine($"{$"PhotoMl's cache, {_threads} threads",-46}{cached,10:F0}{ratio,8:F2}");
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { plain_photos_per_second = Math.Round(plain, 1), cached_photos_per_second = Math.Round(cached, 1), ratio = Math.Round(ratio, 3) }));
        }
    }

    private static double Plain(PhotoEntry[] photos)
    {
        var clock = Stopwatch.StartNew();
        var pixels = new byte[photos.Length * 3 * Size * Size];
        foreach (var (i, photo) in photos.Index())
        {
            using var bitmap = SKBitmap.Decode(photo.Path);
            using var small = bitmap.Resize(new SKImageInfo(Size, Size, SKColorType.Rgba8888), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
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

    private double Cached(PhotoEntry[] photos)
    {
        var cache = Directory.CreateTempSubdirectory("photoml-benchmark-");
        try
        {
            var clock = Stopwatch.StartNew();
            using var cached = PhotoCache.Open(
                _photos with { Photos = photos },
                ImagePreprocessing.ForPhotos(3, Size),
                new DatasetLoadOptions { CacheFolder = cache.FullName, Threads = _threads });
            return cached.Photos.Count == photos.Length
                ? clock.Elapsed.TotalSeconds
                : throw new InvalidOperationException($"{cached.Unreadable[0].Path}: {cached.Unreadable[0].Problem}");
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    private double Median(Func<(double Plain, double Cached), double> figure) => _secondsPerPhoto.Select(figure).Order().ElementAt(_secondsPerPhoto.Count / 2);
}
