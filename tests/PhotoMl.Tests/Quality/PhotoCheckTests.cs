using System.Text.RegularExpressions;

namespace PhotoMl.Tests.Quality;

public sealed class PhotoCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _cache = new();

    private DatasetLoadOptions Options => new() { CacheFolder = _cache.Path };

    public void Dispose()
    {
        _folder.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void Leaks_are_found_exact_and_near_and_come_first_among_the_warnings()
    {
        Write("test/cat/smaller.jpg", Scenes.Jpeg(2, 60, 80, 60));
        var report = Check("train/cat/1.png", "train/cat/2.png", "train/dog/3.png", "validation/cat/1.png", "validation/dog/4.png");

        Assert.Equal(
            [
                ("test/cat/smaller.jpg", "train/cat/2.png", DuplicateKind.NearDuplicate),
                ("validation/cat/1.png", "train/cat/1.png", DuplicateKind.ExactCopy),
            ],
            report.Leaks.Select(pair => (Name(report, pair.First), Name(report, pair.Second), pair.Kind)));
        Assert.Equal(
            [
                "1 of 1 test photo is among those trained on or selected by (1 near), so scores on them are too high.",
                "1 of 2 validation photos is among those trained on or selected by (1 exact), so scores on them are too high.",
                "dog has no readable photo in test.",
            ],
            report.Warnings.Take(3));
        Assert.Empty(report.LabelConflicts);
        Assert.True(report.IsUsable);
        Assert.Equal(4, report.GroupOf.Distinct().Count());
    }

    [Fact]
    public void Copies_within_one_split_are_groups_and_no_leak()
    {
        Write("cat/darker.png", Scenes.Png(1, change: grey => (grey * 0.9) + 5));
        var report = Check("cat/1.png", "cat/again/1.png", "dog/4.png");

        Assert.Empty(report.Leaks);
        Assert.Equal([DuplicateKind.ExactCopy, DuplicateKind.NearDuplicate], report.Groups.Select(group => group.Kind));
        Assert.Equal([2, 3], report.Groups.Select(group => group.Photos.Count));
        Assert.Equal([0, 0, 0, 1], report.GroupOf);
    }

    [Fact]
    public void A_photo_under_two_labels_is_reported_once()
    {
        Write("dog/1.jpg", Scenes.Jpeg(1, 80));
        var report = Check("cat/1.png", "dog/2.png");

        var pair = Assert.Single(report.LabelConflicts);
        Assert.Equal(("cat/1.png", "dog/1.jpg"), (Name(report, pair.First), Name(report, pair.Second)));
        Assert.StartsWith("1 pair of copies or near duplicates has two labels (1 near)", report.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Shots_of_one_camera_within_seconds_that_look_alike_stay_together()
    {
        string[] times = ["2024:05:01 10:00:00", "2024:05:01 10:00:03", "2024:05:01 10:00:06", "2024:05:01 10:00:10"];
        foreach (var (index, time) in times.Index())
        {
            Write($"cat/{index}.jpg", ExifBytes.Into(Scenes.Jpeg(1, 90 - (10 * index)), "Canon", "R5", time));
        }

        Write("cat/4.jpg", ExifBytes.Into(Scenes.Jpeg(6, 90), "Canon", "R5", times[1]));

        Write("dog/other.jpg", ExifBytes.Into(Scenes.Jpeg(7, 90), "Nikon", "Z9", times[0]));
        Write("dog/unknown.jpg", Scenes.Jpeg(8, 90));
        var report = Check();

        Assert.Equal([0, 1, 2], Assert.Single(report.Groups, group => group.Kind == DuplicateKind.Burst).Photos);
        Assert.Equal([0, 0, 0, 0, 1, 2, 3], report.GroupOf); // the fourth by its looks alone
    }

    [Fact]
    public void What_a_photo_says_of_itself_is_read_behind_stray_bytes_too()
    {
        var photo = ExifBytes.Into(Scenes.Jpeg(1, 90), "Canon", "R5", "2024:05:01 10:00:00");
        Write("cat/1.jpg", photo);
        Write("dog/2.jpg", [13, 10, .. photo]);
        var photos = Check().Photos;

        Assert.Equal("Canon R5", photos[0].Camera);
        Assert.NotNull(photos[0].JpegQuality);
        Assert.Equal(
            (photos[0].Camera, photos[0].Taken, photos[0].JpegQuality), (photos[1].Camera, photos[1].Taken, photos[1].JpegQuality));
    }

    [Fact]
    public void What_cannot_be_read_or_stands_out_is_named_with_its_reason()
    {
        Write("cat/lies.jpg", Scenes.Png(2));
        Write("cat/broken.png", Scenes.Png(3)[..300]);
        Write("cat/empty.gif", []);
        Write("dog/tiny.png", Scenes.Png(5, 20, 30));
        Write("dog/flat.png", Png((_, _) => 77));
        Write("dog/night.png", Png((x, y) => x + y == 0 ? (byte)255 : (byte)2));
        Write("dog/snow.png", Png((x, y) => x == y ? (byte)9 : (byte)252));
        var report = Check("cat/1.png");

        Assert.Equal(
            [
                (QualityIssue.Unreadable, "cat/broken.png"), (QualityIssue.Unreadable, "cat/empty.gif"),
                (QualityIssue.WrongExtension, "cat/lies.jpg"), (QualityIssue.Tiny, "dog/tiny.png"), (QualityIssue.OneShade, "dog/flat.png"),
                (QualityIssue.NearlyBlack, "dog/night.png"), (QualityIssue.NearlyWhite, "dog/snow.png"),
            ],
            report.Issues.Select(found => (found.Issue, Name(report, found.Photo))));
        Assert.Contains("cut off", report.Issues[0].Detail, StringComparison.Ordinal);
        Assert.Equal(["the file is empty", "a PNG file", "20 x 30 pixels"], report.Issues.Skip(1).Take(3).Select(found => found.Detail));
        Assert.Equal(2, report.Unreadable);
        var cats = report.Classes[0];
        Assert.Equal(("cat", 2, 0, 2), (cats.Name, cats.Trainable, cats.In(DatasetSplits.Train), cats.Unreadable));
    }

    [Fact]
    public void A_blurred_photo_stands_out_of_sharp_ones_and_a_collection_of_soft_ones_does_not()
    {
        for (var i = 0; i < 24; i++)
        {
            Write($"sharp/{i:D2}.png", Png((x, y) => (byte)(((x / 7) + ((y + i) / 9)) % 2 == 0 ? 60 + (2 * i) : 200 - i)));
        }

        var report = Check("soft/1.png");
        Assert.Equal("soft/1.png", Name(report, Assert.Single(report.Issues, found => found.Issue == QualityIssue.Blurred).Photo));

        Directory.Delete(_folder.File("sharp"), recursive: true);
        string[] soft = [.. Enumerable.Range(2, 28).Select(i => $"{(i % 2 == 0 ? "soft" : "other")}/{i}.png")];
        Assert.InRange(Check(soft).Issues.Count, 0, 1);
    }

    [Fact]
    public void Classes_are_counted_and_their_imbalance_is_reported()
    {
        string[] cats = [.. Enumerable.Range(0, 6).Select(i => $"train/cat/{i}.png")];
        var report = Check(["train/dog/6.png", "train/cow/7.png", "val/cat/9.png", .. cats]);

        Assert.Equal(6, report.Imbalance);
        Assert.Equal("cow, dog have no readable photo in validation.", report.Warnings[0]);
        Assert.Equal("Classes are uneven, 6.0 to 1: cat has 6 photos, cow has 1.", report.Warnings[1]);
    }

    [Theory]
    [InlineData("none of 1 can be read", false)]
    [InlineData("found only cat", true)]
    public void A_collection_that_nothing_can_be_trained_on_says_why(string reason, bool isReadable)
    {
        Write("cat/1.png", isReadable ? Scenes.Png(1) : [1, 2, 3]);
        var report = Check();

        Assert.False(report.IsUsable);
        Assert.Contains(reason, report.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_and_progress_ends_with_all_photos()
    {
        Check("cat/1.png");
        Write("dog/a\nb 🐕.png", Scenes.Png(2)[..200]);
        var before = Snapshot().ToList();
        var reports = new List<WorkProgress>();
        var report = PhotoCheck.Run(_folder.Path, Options with { Progress = new SynchronousProgress<WorkProgress>(reports.Add) });

        Assert.Equal(before, Snapshot());
        Assert.Equal([1L, 2L], reports.Select(state => state.Done));
        Assert.Equal(new WorkProgress { Activity = "checking photos", Done = 2, Total = 2, Unreadable = 1 }, reports[^1]);
        Assert.All(report.Warnings, warning => Assert.DoesNotContain('\n', warning));
    }

    [Fact]
    public void A_check_that_is_stopped_keeps_what_it_measured()
    {
        using var stop = new CancellationTokenSource();
        var progress = new SynchronousProgress<WorkProgress>(state => (state.Done < 3 ? null : stop)?.Cancel());
        Check("cat/0.png"); // which stays known
        Array.ForEach([.. Enumerable.Range(1, 20)], i => Write($"cat/{i}.png", Scenes.Png(i)));

        Assert.ThrowsAny<OperationCanceledException>(() => PhotoCheck.Run(_folder.Path, Options with { Progress = progress }, stop.Token));
        var kept = File.ReadAllText(Assert.Single(Directory.GetFiles(_cache.File("photos"))));
        Assert.InRange(kept.Split("sha256").Length - 1, 3, 20);
        Assert.Contains("cat/0.png", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_check_reads_only_what_is_new_or_changed_and_finds_the_same()
    {
        Write("train/dog/3.png", [1, 2, 3]);
        var first = Check("train/cat/1.png", "train/dog/2.png");
        Assert.Equal(first.Photos, Check().Photos);

        var kept = Assert.Single(Directory.GetFiles(_cache.File("photos")));
        File.WriteAllText(kept, File.ReadAllText(kept).Replace("\"PNG\"", "\"GIF\"", StringComparison.Ordinal));
        Assert.Equal(["GIF", "GIF", null], Check().Photos.Select(photo => photo.Format));

        var (path, time) = (_folder.File("train/dog/2.png"), File.GetLastWriteTimeUtc(_folder.File("train/dog/2.png")));
        File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
        File.SetLastWriteTimeUtc(path, OperatingSystem.IsWindows() ? time.AddSeconds(9) : time);
        Assert.Equal(first.Unreadable + 1, Check().Unreadable);
    }

    [Fact]
    public void A_check_whose_cache_cannot_be_written_says_so_in_one_line_and_goes_on()
    {
        _cache.Write("photos", [1]);
        var report = Check("cat/1.png", "dog/2.png");

        Assert.Equal(0, report.Unreadable);
        var start = $"^{Regex.Escape(_cache.File("photos"))}.*: cannot be written: ";
        Assert.Matches($"{start}.*; without it photos are measured anew each time.$", report.Notice);
    }

    [Fact]
    public void The_sheet_shows_what_is_alike_side_by_side_with_numbers()
    {
        Write("val/dog/tiny.png", Scenes.Png(4, 16, 16));
        var report = Check("train/cat/1.png", "train/dog/2.png", "val/cat/1.png");
        var path = _folder.File("sheet.png");
        report.WriteSheet(path);

        Assert.Equal(["1 LEAK Validation", "2 = Train", "3 TINY"], report.Suspicious.Select(tile => tile.Label));
        Assert.Equal(["val/cat/1.png", "train/cat/1.png"], report.Suspicious.Take(2).Select(tile => Name(report, tile.Photo)));
        var sheet = ImageFile.Decode(path);
        Assert.InRange(sheet.Width, 3 * 128, 3 * 150);
        Assert.InRange(sheet.Height, 128, 180);
        Assert.Contains((byte)255, sheet.Rgb.AsSpan(3 * sheet.Width * 134).ToArray()); // the labels
        File.Delete(_folder.File("val/dog/tiny.png")); // its place stays empty
        report.WriteSheet(path);
        Assert.Throws<ArgumentException>(() => (report with { Leaks = [], Issues = [], Groups = [] }).WriteSheet(path));
    }

    private static byte[] Png(Func<int, int, byte> pixel) => ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 120, 100, pixel);

    /// <summary>Checks the folder with these photos too, each of the scene that its name says.</summary>
    private PhotoCheckReport Check(params string[] scenes)
    {
        foreach (var name in scenes)
        {
            Write(name, Scenes.Png(int.Parse(Path.GetFileNameWithoutExtension(name), CultureInfo.InvariantCulture)));
        }

        return PhotoCheck.Run(_folder.Path, Options);
    }

    private void Write(string name, byte[] content) => _folder.Write(name, content);

    private string Name(PhotoCheckReport report, int photo) => Path.GetRelativePath(_folder.Path, report.Photos[photo].Path);

    private IEnumerable<string> Snapshot() =>
        from item in new DirectoryInfo(_folder.Path).GetFileSystemInfos("*", SearchOption.AllDirectories)
        orderby item.FullName
        select $"{item.FullName} {item.LastWriteTimeUtc:O} {(item as FileInfo)?.Length}";
}
