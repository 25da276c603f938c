using SkiaSharp;

namespace PhotoMl.Tests.Data;

public sealed class PhotoCacheTests : IDisposable
{
    private static readonly ImagePreprocessing Small = ImagePreprocessing.ForPhotos(3, 8);

    private readonly TemporaryFolder _folder = new();

    private string CacheFile => Directory.GetFiles(_folder.File("cache"), "*.pixels").Single();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cached_pixels_are_those_that_prediction_gets_and_labels_stay_with_them()
    {
        WritePhotos(6);
        using var photos = Open();

        Assert.Equal(6, photos.Decoded);
        Assert.Equal((6, 3, 8, 8), (photos.Pixels.Count, photos.Pixels.Channels, photos.Pixels.Height, photos.Pixels.Width));
        foreach (var (i, photo) in photos.Photos.Index())
        {
            using var image = photos.Pixels.Take(i, 1);
            Assert.Equal(ImagePreprocessor.PrepareFile(photo.Path, Small).Bytes, image.data<byte>().ToArray());
        }
    }

    [Fact]
    public void The_second_opening_reads_no_photo_and_batches_come_though_the_photos_are_gone()
    {
        WritePhotos(6);
        Open().Dispose();
        using var photos = Open();
        Directory.Delete(_folder.File("photos"), recursive: true);
        using var batch = photos.Pixels.Take([5L, 0]);

        Assert.Equal(0, photos.Decoded);
        Assert.Equal([2, 3, 8, 8], batch.shape);
        Assert.Equal(50, batch.data<byte>()[0]);
    }

    [Fact]
    public void Only_what_was_added_or_changed_is_read_again()
    {
        WritePhotos(6);
        Open().Dispose();
        Write("a/00.png", 200);
        Write("a/99.png", 99);
        File.Delete(_folder.File("photos/b/03.png"));
        using var photos = Open();

        Assert.Equal(2, photos.Decoded);
        Assert.Equal(["00", "02", "04", "99", "01", "05"], photos.Photos.Select(photo => Path.GetFileNameWithoutExtension(photo.Path)));
        Assert.Equal([200, 20, 40, 99, 10, 50], FirstBytes(photos));
    }

    [Fact]
    public void Another_preprocessing_has_a_cache_of_its_own()
    {
        WritePhotos(2);
        Open().Dispose();
        using var photos = PhotoCache.Open(List(), ImagePreprocessing.ForPhotos(1, 9), Options());

        Assert.Equal((2, 1, 9), (photos.Decoded, photos.Pixels.Channels, photos.Pixels.Width));
        Assert.Equal(2, Directory.GetFiles(_folder.File("cache"), "*.pixels").Length);
    }

    [Fact]
    public void Photos_that_cannot_be_read_are_named_with_their_reason_the_first_time_and_ever_after()
    {
        WritePhotos(3);
        _folder.Write("photos/a/text.jpg", "hello there"u8.ToArray());
        _folder.Write("photos/a/empty.jpg", []);
        var list = List();
        list = list with { Photos = [.. list.Photos, new PhotoEntry(_folder.File("photos/none.png"), 0, DatasetSplits.None)] };
        for (var i = 0; i < 2; i++)
        {
            using var photos = PhotoCache.Open(list, Small, Options());

            Assert.Equal(3, photos.Photos.Count);
            Assert.Equal(["empty.jpg", "text.jpg", "none.png"], photos.Unreadable.Select(photo => Path.GetFileName(photo.Path)));
            Assert.Equal("the file is empty", photos.Unreadable[0].Problem);
            Assert.Contains("found something else", photos.Unreadable[1].Problem, StringComparison.Ordinal);
            Assert.Equal("there is no such file", photos.Unreadable[2].Problem);
            Assert.Equal(i == 0 ? 6 : 0, photos.Decoded);
        }

        Write("none.png", 7);
        using var healed = PhotoCache.Open(list, Small, Options());
        Assert.Equal((4, 1), (healed.Photos.Count, healed.Decoded));
    }

    [Fact]
    public void All_photos_unreadable_leaves_none()
    {
        _folder.Write("photos/a/1.jpg", [1]);
        using var photos = Open();

        Assert.Equal((0, 1), (photos.Pixels.Count, photos.Unreadable.Count));
    }

    [Theory]
    [InlineData(0)] // the magic
    [InlineData(8)] // the bytes of a row
    [InlineData(16)] // the preprocessing
    [InlineData(64 + 3)] // a record's path
    [InlineData(64 + 40)] // the length of a reason
    [InlineData(64 + 256 + 100)] // pixels
    public void A_cache_with_a_damaged_byte_is_made_again(int position)
    {
        WritePhotos(6);
        Open().Dispose();
        var bytes = File.ReadAllBytes(CacheFile);
        bytes[position] ^= 0x40;
        File.WriteAllBytes(CacheFile, bytes);
        using var photos = Open();

        Assert.Equal([0, 20, 40, 10, 30, 50], FirstBytes(photos));
        Assert.Equal(position < 64 ? 6 : 1, photos.Decoded);
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(63, 6)]
    [InlineData(-1, 1)]
    [InlineData(100_000, 0)]
    public void A_cache_of_another_length_is_made_again_or_completed(int length, int decoded)
    {
        WritePhotos(6);
        Open().Dispose();
        using (var file = new FileStream(CacheFile, FileMode.Open))
        {
            file.SetLength(length < 0 ? file.Length + length : length);
        }

        using var photos = Open();
        Assert.Equal(decoded, photos.Decoded);
        Assert.Equal([0, 20, 40, 10, 30, 50], FirstBytes(photos));
    }

    [Fact]
    public void A_file_that_is_mostly_of_photos_changed_since_is_made_again_while_others_read_it()
    {
        WritePhotos(2);
        using var used = Open();
        var length = new FileInfo(CacheFile).Length;
        for (var round = 1; round <= 3; round++)
        {
            Write("a/00.png", (byte)(100 + round));
            File.SetLastWriteTimeUtc(_folder.File("photos/a/00.png"), DateTime.UtcNow.AddSeconds(round));
            using var photos = Open();
            Assert.Equal([100 + round, 10], FirstBytes(photos).Select(value => (int)value));
        }

        Assert.Equal(length, new FileInfo(CacheFile).Length);
        Assert.Equal([0, 10], FirstBytes(used));
    }

    [Fact]
    public void What_was_done_before_a_stop_is_not_done_again()
    {
        WritePhotos(40);
        using var cancellation = new CancellationTokenSource();
        var progress = new Reports(report =>
        {
            if (report.Done == 10)
            {
                cancellation.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => PhotoCache.Open(List(), Small, Options() with { Threads = 2 }, progress, cancellation.Token));

        // As a kill in the midst of a row leaves it: one finished row is damaged.
        var bytes = File.ReadAllBytes(CacheFile);
        bytes[64 + 256 + 5] ^= 1;
        File.WriteAllBytes(CacheFile, bytes);

        using var photos = Open();
        Assert.Equal(40 - progress.Highest + 1, photos.Decoded);
        Assert.Equal(40, photos.Photos.Count);
        foreach (var (i, photo) in photos.Photos.Index())
        {
            using var image = photos.Pixels.Take(i, 1);
            Assert.Equal(ImagePreprocessor.PrepareFile(photo.Path, Small).Bytes, image.data<byte>().ToArray());
        }
    }

    [Fact]
    public void Stops_again_and_again_cost_no_photo_and_leave_no_gap_in_the_file()
    {
        WritePhotos(40);
        var done = 0;
        for (var stop = 0; stop < 3; stop++)
        {
            using var cancellation = new CancellationTokenSource();
            var progress = new Reports(report =>
            {
                if (report.Done >= done + 8)
                {
                    cancellation.Cancel();
                }
            });
            Assert.ThrowsAny<OperationCanceledException>(() => PhotoCache.Open(List(), Small, Options() with { Threads = 4 }, progress, cancellation.Token));
            done = progress.Highest;
        }

        using var photos = Open();
        Assert.Equal(40 - done, photos.Decoded);
        Assert.Equal(64 + (40 * (PhotoRecord.Bytes + (3 * 8 * 8))), new FileInfo(CacheFile).Length);
    }

    [Fact]
    public void A_file_made_anew_keeps_what_was_read()
    {
        WritePhotos(10);
        Open().Dispose();
        var before = new FileInfo(CacheFile).Length;
        foreach (var photo in Directory.GetFiles(_folder.File("photos"), "*.png", SearchOption.AllDirectories).Where(path => !path.EndsWith("00.png", StringComparison.Ordinal) && !path.EndsWith("01.png", StringComparison.Ordinal)))
        {
            File.Delete(photo);
        }

        Write("a/98.png", 98);
        using var photos = Open();

        Assert.Equal(1, photos.Decoded);
        Assert.Equal([0, 98, 10], FirstBytes(photos));
        Assert.InRange(new FileInfo(CacheFile).Length, 1, before / 3);
    }

    [Fact]
    public async Task Two_who_want_the_same_photos_wait_for_each_other_and_read_them_once()
    {
        WritePhotos(30);
        using var begun = new ManualResetEventSlim();
        using var waited = new ManualResetEventSlim();
        var first = Task.Run(() =>
        {
            using var photos = PhotoCache.Open(List(), Small, Options(), new Reports(_ =>
            {
                begun.Set();
                waited.Wait(TimeSpan.FromSeconds(30));
            }));
            return photos.Decoded;
        });
        begun.Wait(TimeSpan.FromSeconds(30));
        using var second = PhotoCache.Open(List(), Small, Options(), new Reports(report =>
        {
            if (report.Total is null)
            {
                waited.Set();
            }
        }));

        Assert.True(waited.IsSet);
        Assert.Equal((30, 0), (await first, second.Decoded));
    }

    [Fact]
    public void The_least_recently_used_caches_make_way_but_never_one_in_use()
    {
        WritePhotos(4);
        var length = Length(4, 8);
        var options = Options() with { Limit = (3 * length) + 100 };
        using var used = PhotoCache.Open(List(), ImagePreprocessing.ForPhotos(3, 8), options);
        PhotoCache.Open(List(), ImagePreprocessing.ForPhotos(3, 7), options).Dispose();
        PhotoCache.Open(List(), ImagePreprocessing.ForPhotos(3, 6), options).Dispose();
        var files = Directory.GetFiles(_folder.File("cache"), "*.pixels");
        Assert.Equal(3, files.Length);
        var old = DateTime.UtcNow;
        foreach (var file in files.OrderByDescending(file => new FileInfo(file).Length))
        {
            File.SetLastWriteTimeUtc(file, old = old.AddMinutes(-5)); // the smallest is the oldest
        }

        File.SetLastWriteTimeUtc(files.MaxBy(file => new FileInfo(file).Length)!, old.AddDays(-1)); // but for the largest, which is in use
        PhotoCache.Open(List(), ImagePreprocessing.ForPhotos(3, 5), options).Dispose();

        var left = Directory.GetFiles(_folder.File("cache"), "*.pixels").Select(file => new FileInfo(file).Length).Order();
        Assert.Equal([Length(4, 5), Length(4, 7), length], left);

        static long Length(int count, int size) => 64 + (count * (256 + (3L * size * size)));
    }

    [Fact]
    public void Photos_that_do_not_fit_the_limit_are_told_in_one_line_and_nothing_makes_way()
    {
        WritePhotos(4);
        Open().Dispose();
        var options = Options() with { Limit = 6000 };
        var exception = Assert.Throws<InvalidDatasetException>(() => PhotoCache.Open(List(), ImagePreprocessing.ForPhotos(3, 100), options));

        Assert.Equal(
            $"{_folder.File("photos")}: expected at most 0 GiB of cached pixels, but found 4 photos that take 0.0001 GiB at 3x100x100; choose a smaller image size or a larger limit of the cache.",
            exception.Message);
        Assert.True(File.Exists(CacheFile));
    }

    [Fact]
    public void A_cache_folder_that_cannot_be_made_is_told_in_one_line()
    {
        WritePhotos(1);
        _folder.Write("file", [1]);
        var exception = Assert.Throws<OutputException>(() => PhotoCache.Open(List(), Small, new PhotoCacheOptions(_folder.File("file/cache"))));

        Assert.StartsWith($"{_folder.File("file/cache")}: cannot be written: ", exception.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_link_counts_as_what_it_leads_to()
    {
        WritePhotos(2);
        _folder.Write("other.png", Png(80));
        File.CreateSymbolicLink(_folder.File("photos/a/link.png"), _folder.File("other.png"));
        Open().Dispose();
        _folder.Write("other.png", Png(90));
        File.SetLastWriteTimeUtc(_folder.File("other.png"), DateTime.UtcNow.AddSeconds(5));
        using var photos = Open();

        Assert.Equal(1, photos.Decoded);
        Assert.Equal([0, 90, 10], FirstBytes(photos));
    }

    private CachedPhotos Open() => PhotoCache.Open(List(), Small, Options());

    private PhotoList List() => PhotoFolder.Open(_folder.File("photos"));

    private PhotoCacheOptions Options() => new(_folder.File("cache"));

    // Photo k is of grey 10 k, in class a or b by turns.
    private void WritePhotos(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Write($"{(i % 2 == 0 ? "a" : "b")}/{i:D2}.png", (byte)(10 * i));
        }
    }

    private void Write(string name, byte grey) => _folder.Write(Path.Combine("photos", name), Png(grey));

    private static byte[] Png(byte grey) => ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 16, 16, (_, _) => grey);

    private static byte[] FirstBytes(CachedPhotos photos)
    {
        using var all = photos.Pixels.Take(0, photos.Pixels.Count);
        var bytes = all.data<byte>().ToArray();
        return [.. Enumerable.Range(0, photos.Pixels.Count).Select(i => bytes[i * 3 * 64])];
    }

    private sealed class Reports(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public int Highest { get; private set; }

        public void Report(WorkProgress value)
        {
            Highest = Math.Max(Highest, (int)value.Done);
            report(value);
        }
    }
}
