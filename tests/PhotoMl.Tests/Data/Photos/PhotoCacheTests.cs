using PhotoMl.Tests.Quality;

namespace PhotoMl.Tests.Data;

public sealed class PhotoCacheTests : FolderTests
{
    private const int RowBytes = 3 * 8 * 8;

    private static readonly ImagePreprocessing Small = ImagePreprocessing.ForPhotos(3, 8);

    private string[] CacheFiles => Directory.GetFiles(Folder.File("cache/photos"), "*.pixels");

    private string CacheFile => CacheFiles.Single();

    [Fact]
    public void Cached_pixels_are_those_that_prediction_gets_and_the_second_opening_reads_no_photo()
    {
        WritePhotos(6);
        using var first = Open();
        using var photos = Open();

        Assert.Equal((6, 0), (first.Decoded, photos.Decoded));
        Assert.Equal((6, 3, 8, 8), (photos.Pixels.Count, photos.Pixels.Channels, photos.Pixels.Height, photos.Pixels.Width));
        AssertPrepared(photos);

        Directory.Delete(Folder.File("photos"), recursive: true);
        using var batch = photos.Pixels.Take([5L, 0]);
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
        File.Delete(Folder.File("photos/b/03.png"));
        using var photos = Open();

        Assert.Equal(2, photos.Decoded);
        Assert.Equal(["00", "02", "04", "99", "01", "05"], photos.Photos.Select(photo => Path.GetFileNameWithoutExtension(photo.Path)));
        Assert.Equal([200, 20, 40, 99, 10, 50], FirstBytes(photos));
    }

    [Fact]
    public void Photos_that_cannot_be_read_are_named_with_their_reason_each_time_and_what_cannot_be_opened_takes_no_room()
    {
        WritePhotos(3);
        Folder.Write("photos/a/text.jpg", "hello there"u8.ToArray());
        Folder.Write("photos/a/empty.jpg", []);
        var list = List();
        list = list with { Photos = [.. list.Photos, new PhotoEntry(Folder.File("photos/none.png"), 0, DatasetSplits.None)] };
        for (var i = 0; i < 2; i++)
        {
            using var photos = Open(list);

            Assert.Equal(3, photos.Photos.Count);
            Assert.Equal(["empty.jpg", "text.jpg", "none.png"], photos.Unreadable.Select(photo => Path.GetFileName(photo.Path)));
            Assert.Equal("the file is empty", photos.Unreadable[0].Problem);
            Assert.Contains("found text", photos.Unreadable[1].Problem, StringComparison.Ordinal);
            Assert.Equal("there is no such file", photos.Unreadable[2].Problem);
            Assert.Equal(i == 0 ? 5 : 0, photos.Decoded);
            Assert.Equal(LengthOf(5), new FileInfo(CacheFile).Length);
        }

        Write("none.png", 7);
        using var healed = Open(list);
        Assert.Equal((4, 1), (healed.Photos.Count, healed.Decoded));
    }

    [Theory]
    [InlineData(0, null, 6)] // the magic
    [InlineData(8, null, 6)] // the bytes of a row
    [InlineData(16, null, 6)] // the preprocessing
    [InlineData(64 + 3, null, 1)] // a record's path
    [InlineData(64 + 40, null, 1)] // the length of a reason
    [InlineData(64 + 256 + 100, null, 1)] // pixels
    [InlineData(null, 0, 6)]
    [InlineData(null, 63, 6)]
    [InlineData(null, 64 + (6 * (256 + RowBytes)) - 1, 1)]
    [InlineData(null, 100_000, 0)]
    public void Of_a_cache_with_a_damaged_byte_or_of_another_length_what_is_lost_is_made_again(int? position, int? length, int decoded)
    {
        WritePhotos(6);
        Open().Dispose();
        var bytes = File.ReadAllBytes(CacheFile);
        bytes[position ?? 0] ^= (byte)(position is null ? 0 : 0x40);
        Array.Resize(ref bytes, length ?? bytes.Length);
        File.WriteAllBytes(CacheFile, bytes);
        using var photos = Open();

        Assert.Equal(decoded, photos.Decoded);
        Assert.Equal([0, 20, 40, 10, 30, 50], FirstBytes(photos));
    }

    [Fact]
    public void A_file_that_is_mostly_of_photos_changed_since_is_made_again_while_others_read_it()
    {
        WritePhotos(2);
        using var used = Open();
        for (var round = 1; round <= 3; round++)
        {
            Write("a/00.png", (byte)(100 + round));
            File.SetLastWriteTimeUtc(Folder.File("photos/a/00.png"), DateTime.UtcNow.AddSeconds(round));
            using var photos = Open();
            Assert.Equal([100 + round, 10], FirstBytes(photos).Select(value => (int)value));
        }

        Assert.Equal(LengthOf(2), new FileInfo(CacheFile).Length);
        Assert.Equal([0, 10], FirstBytes(used));
    }

    [Fact]
    public void A_file_made_anew_keeps_what_was_read()
    {
        WritePhotos(10);
        Open().Dispose();
        Enumerable.Range(2, 8).ToList().ForEach(photo => File.Delete(Folder.File("photos", NameOf(photo))));
        Write("a/98.png", 98);
        using var photos = Open();

        Assert.Equal(1, photos.Decoded);
        Assert.Equal([0, 98, 10], FirstBytes(photos));
        Assert.Equal(LengthOf(3), new FileInfo(CacheFile).Length);
    }

    [Fact]
    public void Stops_again_and_again_cost_no_photo_and_leave_no_gap_in_the_file()
    {
        WritePhotos(40);
        var done = 0;
        for (var stop = 0; stop < 3; stop++)
        {
            using var cancellation = new CancellationTokenSource();
            var highest = 0;
            var options = Options(report =>
            {
                highest = Math.Max(highest, (int)report.Done);
                if (highest >= done + 8)
                {
                    cancellation.Cancel();
                }
            });
            Assert.ThrowsAny<OperationCanceledException>(() => PhotoCache.Open(List(), Small, options, cancellation.Token));
            done = highest;
        }

        // As a kill in the midst of a row leaves it: one finished row is damaged.
        var bytes = File.ReadAllBytes(CacheFile);
        bytes[64 + 256 + 5] ^= 1;
        File.WriteAllBytes(CacheFile, bytes);
        using var photos = Open();
        Assert.Equal((40 - done + 1, 40), (photos.Decoded, photos.Photos.Count));
        Assert.Equal(LengthOf(41), new FileInfo(CacheFile).Length);
        AssertPrepared(photos);
    }

    [Fact]
    public async Task Two_who_want_the_same_photos_wait_for_each_other_and_read_them_once()
    {
        WritePhotos(30);
        using var begun = new ManualResetEventSlim();
        using var waited = new ManualResetEventSlim();
        var first = Task.Run(() =>
        {
            using var photos = Open(options: Options(_ =>
            {
                begun.Set();
                waited.Wait(TimeSpan.FromSeconds(30));
            }));
            return photos.Decoded;
        });
        begun.Wait(TimeSpan.FromSeconds(30));
        using var second = Open(options: Options(report =>
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
        var options = Options() with { CacheLimit = (3 * LengthOf(4)) + 100 };
        using var used = Open(options: options);
        Open(options: options, preprocessing: ImagePreprocessing.ForPhotos(3, 7)).Dispose();
        Open(options: options, preprocessing: ImagePreprocessing.ForPhotos(3, 6)).Dispose();
        var files = CacheFiles.OrderByDescending(file => new FileInfo(file).Length).ToList();
        foreach (var (file, age) in files.Zip([60, 5, 10])) // minutes: the largest, which is in use, is the oldest, then the smallest
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-age));
        }

        Open(options: options, preprocessing: ImagePreprocessing.ForPhotos(3, 5)).Dispose();

        Assert.Equal([LengthOf(4, 5), LengthOf(4, 7), LengthOf(4)], CacheFiles.Select(file => new FileInfo(file).Length).Order());
    }

    [Fact]
    public void Photos_that_do_not_fit_the_limit_are_refused_in_one_line_and_nothing_makes_way()
    {
        WritePhotos(4);
        Open().Dispose();
        var exception = Assert.Throws<InvalidDatasetException>(
            () => Open(options: Options() with { CacheLimit = 6000 }, preprocessing: ImagePreprocessing.ForPhotos(3, 100)));

        Assert.Equal(
            $"{Folder.File("photos")}: expected at most 0 GiB of cached pixels, but found 4 photos that take 0.0001 GiB at 3x100x100; "
            + "choose a smaller image size or a larger limit of the cache.",
            exception.Message);
        Assert.True(File.Exists(CacheFile));
    }

    [Fact]
    public void Where_the_cache_folder_cannot_be_made_photos_are_read_each_time_and_one_line_says_so()
    {
        WritePhotos(2);
        Folder.Write("cache", [1]);
        for (var i = 0; i < 2; i++)
        {
            using var photos = Open();

            Assert.Equal(2, photos.Decoded);
            AssertPrepared(photos);
            Assert.StartsWith($"{Folder.File("cache/photos")}: cannot be written: ", photos.Notice, StringComparison.Ordinal);
        }

        Assert.Single(Directory.GetFiles(Folder.Path));
    }

    [UnixFact]
    public void A_photo_that_changed_without_a_change_of_its_size_and_time_is_read_again()
    {
        WritePhotos(2);
        Open().Dispose();
        var path = Folder.File("photos", NameOf(1));
        var (size, time) = (new FileInfo(path).Length, File.GetLastWriteTimeUtc(path));
        Write(NameOf(1), 11);
        File.SetLastWriteTimeUtc(path, time);
        Assert.Equal(size, new FileInfo(path).Length);
        using var photos = Open();

        Assert.Equal((1, 11), (photos.Decoded, FirstBytes(photos)[1]));
    }

    // For 16 pixels photos are decoded to another size than for the check, for 192 to the same.
    [Theory]
    [InlineData(16)]
    [InlineData(192)]
    public void What_is_measured_of_open_photos_is_what_a_check_of_its_own_measures_and_changes_no_pixel(int size)
    {
        Folder.Write("photos/a/1.jpg", Scenes.Jpeg(1, 90, 1200, 900));
        Folder.Write("photos/b/2.png", Scenes.Png(2, 700, 500));
        Folder.Write("photos/b/3.jpg", [1, 2, 3]);
        var (data, preprocessing) = (Folder.File("photos"), ImagePreprocessing.ForPhotos(3, size));
        var measured = new PhotoCheckCache(Folder.File("cache"), data);
        using var photos = Open(preprocessing: preprocessing, options: Options() with { Opened = measured.Add });

        Assert.Null(measured.Save(photos.Photos));
        Assert.Equal(3, File.ReadAllText(Directory.GetFiles(Folder.File("cache/photos"), "*.check").Single()).Split("sha256").Length);
        var alone = PhotoCheck.Run(data, new DatasetLoadOptions { CacheFolder = Folder.File("other") });
        Assert.Equal(alone.Photos, PhotoCheck.Run(data, Options(), measured, default).Photos);
        AssertPrepared(photos, preprocessing);
    }

    [Fact]
    public void A_record_has_the_bytes_that_older_caches_hold()
    {
        var record = new PhotoRecord(new UInt128(0x0102030405060708, 0x090A0B0C0D0E0F10), 0x1112, 0x2122, 0x31323334, "no");
        var bytes = record.ToBytes();

        Assert.Equal(
            "100F0E0D0C0B0A09" + "0807060504030201" + "1211000000000000" + "2221000000000000"
                + "02000000" + "34333231" + "02000000" + "6E6F",
            Convert.ToHexString(bytes.AsSpan(0, 46)));
        Assert.Equal(Crc32C.Of(bytes.AsSpan(0, 252)), BitConverter.ToUInt32(bytes, 252));
        Assert.All(bytes[46..252], value => Assert.Equal(0, value));
        Assert.Equal(record, PhotoRecord.Read(bytes));
    }

    [LinuxFact]
    public void A_link_counts_as_what_it_leads_to()
    {
        WritePhotos(2);
        Folder.Write("other.png", Png(80));
        File.CreateSymbolicLink(Folder.File("photos/a/link.png"), Folder.File("other.png"));
        Open().Dispose();
        Folder.Write("other.png", Png(90));
        File.SetLastWriteTimeUtc(Folder.File("other.png"), DateTime.UtcNow.AddSeconds(5));
        using var photos = Open();

        Assert.Equal(1, photos.Decoded);
        Assert.Equal([0, 90, 10], FirstBytes(photos));
    }

    private CachedPhotos Open(PhotoList? list = null, ImagePreprocessing? preprocessing = null, DatasetLoadOptions? options = null) =>
        PhotoCache.Open(list ?? List(), preprocessing ?? Small, options ?? Options());

    private PhotoList List() => PhotoFolder.Open(Folder.File("photos"));

    private DatasetLoadOptions Options(Action<WorkProgress>? report = null) =>
        new() { CacheFolder = Folder.File("cache"), Progress = report is null ? null : new SynchronousProgress<WorkProgress>(report) };

    private static long LengthOf(int slots, int size = 8) => 64 + (slots * (256L + (3 * size * size)));

    // Photo k is of gray 10 k, in class a or b by turns.
    private void WritePhotos(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Write(NameOf(i), (byte)(10 * i));
        }
    }

    private static string NameOf(int photo) => $"{(photo % 2 == 0 ? "a" : "b")}/{photo:D2}.png";

    private void Write(string name, byte gray) => Folder.Write(Path.Combine("photos", name), Png(gray));

    private static byte[] Png(byte gray) => ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 16, 16, (_, _) => gray);

    private static void AssertPrepared(CachedPhotos photos, ImagePreprocessing? preprocessing = null)
    {
        foreach (var (i, photo) in photos.Photos.Index())
        {
            using var image = photos.Pixels.Take(i, 1);
            var expected = ImagePreprocessor.Prepare(ImageFile.Decode, photo.Path, preprocessing ?? Small).Bytes;
            Assert.Equal(expected, image.data<byte>().ToArray());
        }
    }

    private static byte[] FirstBytes(CachedPhotos photos)
    {
        using var all = photos.Pixels.Take(0, photos.Pixels.Count);
        return [.. all.data<byte>().ToArray().Where((_, i) => i % RowBytes == 0)];
    }
}
