using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Quality;
using PhotoMl.Tests.Imaging;
using SkiaSharp;

namespace PhotoMl.Tests.Quality;

public sealed class PhotoCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Leaks_are_found_exact_and_near_and_come_first_among_the_warnings()
    {
        Write("train/cat/1.png", Scenes.Png(1));
        Write("train/cat/2.png", Scenes.Png(2));
        Write("train/dog/3.png", Scenes.Png(3));
        Write("validation/cat/same.png", Scenes.Png(1));
        Write("validation/dog/new.png", Scenes.Png(4));
        Write("test/cat/smaller.jpg", Scenes.Jpeg(2, 60, 80, 60));
        var report = Check();

        Assert.Equal(
            [("test/cat/smaller.jpg", "train/cat/2.png", DuplicateKind.NearDuplicate), ("validation/cat/same.png", "train/cat/1.png", DuplicateKind.ExactCopy)],
            report.Leaks.Select(pair => (Name(report, pair.First), Name(report, pair.Second), pair.Kind)));
        Assert.Equal("1 of 1 test photo is among those trained on or selected by (1 near), so scores on them are too high.", report.Warnings[0]);
        Assert.Equal("1 of 2 validation photos is among those trained on or selected by (1 exact), so scores on them are too high.", report.Warnings[1]);
        Assert.Equal("dog has no readable photo in test.", report.Warnings[2]);
        Assert.Empty(report.LabelConflicts);
        Assert.True(report.IsUsable);
        Assert.Equal(4, report.GroupOf.Distinct().Count());
    }

    [Fact]
    public void Copies_within_one_split_are_groups_and_no_leak()
    {
        Write("cat/1.png", Scenes.Png(1));
        Write("cat/2.png", Scenes.Png(1));
        Write("cat/3.png", Scenes.Png(1, change: grey => (grey * 0.9) + 5));
        Write("dog/4.png", Scenes.Png(4));
        var report = Check();

        Assert.Empty(report.Leaks);
        Assert.Equal([(DuplicateKind.ExactCopy, 2), (DuplicateKind.NearDuplicate, 3)], report.Groups.Select(group => (group.Kind, group.Photos.Count)));
        Assert.Equal([0, 0, 0, 1], report.GroupOf);
    }

    [Fact]
    public void A_photo_under_two_labels_is_told_once()
    {
        Write("cat/1.png", Scenes.Png(1));
        Write("dog/1.jpg", Scenes.Jpeg(1, 80));
        Write("dog/2.png", Scenes.Png(2));
        var report = Check();

        var pair = Assert.Single(report.LabelConflicts);
        Assert.Equal(("cat/1.png", "dog/1.jpg"), (Name(report, pair.First), Name(report, pair.Second)));
        Assert.StartsWith("1 pair of the same photo is there under two labels (1 near)", report.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Shots_of_one_camera_within_seconds_stay_together_whatever_they_show()
    {
        string[] times = ["2024:05:01 10:00:00", "2024:05:01 10:00:03", "2024:05:01 10:00:06", "2024:05:01 10:00:10"];
        foreach (var (index, time) in times.Index())
        {
            Write($"cat/{index}.jpg", ExifBytes.Into(Scenes.Jpeg(index, 90), "Canon", "R5", time));
        }

        Write("dog/other.jpg", ExifBytes.Into(Scenes.Jpeg(7, 90), "Nikon", "Z9", times[0]));
        Write("dog/unknown.jpg", Scenes.Jpeg(8, 90));
        var report = Check();

        var burst = Assert.Single(report.Groups);
        Assert.Equal((DuplicateKind.Burst, 3), (burst.Kind, burst.Photos.Count));
        Assert.Equal([0, 0, 0, 1, 2, 3], report.GroupOf);
    }

    [Fact]
    public void What_cannot_be_read_or_stands_out_is_named_with_its_reason()
    {
        Write("cat/1.png", Scenes.Png(1));
        Write("cat/lies.jpg", Scenes.Png(2));
        Write("cat/broken.png", Scenes.Png(3)[..300]);
        Write("cat/empty.gif", []);
        Write("dog/tiny.png", Scenes.Png(5, 20, 30));
        Write("dog/flat.png", ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 100, 100, (_, _) => 77));
        Write("dog/night.png", ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 100, 100, (x, y) => x + y == 0 ? (byte)255 : (byte)2));
        Write("dog/snow.png", ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 100, 100, (x, y) => x == y ? (byte)9 : (byte)252));
        var report = Check();

        Assert.Equal(
            [
                (QualityIssue.Unreadable, "cat/broken.png"), (QualityIssue.Unreadable, "cat/empty.gif"), (QualityIssue.WrongExtension, "cat/lies.jpg"), (QualityIssue.Tiny, "dog/tiny.png"),
                (QualityIssue.OneShade, "dog/flat.png"), (QualityIssue.NearlyBlack, "dog/night.png"), (QualityIssue.NearlyWhite, "dog/snow.png"),
            ],
            report.Issues.Select(found => (found.Issue, Name(report, found.Photo))));
        Assert.Contains("cut off", report.Issues[0].Detail, StringComparison.Ordinal);
        Assert.Equal("the file is empty", report.Issues[1].Detail);
        Assert.Equal("a PNG file", report.Issues[2].Detail);
        Assert.Equal("20 x 30 pixels", report.Issues[3].Detail);
        Assert.Equal(2, report.Unreadable);
        Assert.Equal(("cat", 2, 0, 0, 0, 2), (report.Classes[0].Name, report.Classes[0].Unassigned, report.Classes[0].Train, report.Classes[0].Validation, report.Classes[0].Test, report.Classes[0].Unreadable));
    }

    [Fact]
    public void A_blurred_photo_stands_out_of_sharp_ones_and_a_collection_of_soft_ones_does_not()
    {
        static byte Board(int x, int y, int shift) => ((x / 7) + ((y + shift) / 9)) % 2 == 0 ? (byte)(60 + (2 * shift)) : (byte)(200 - shift);
        for (var i = 0; i < 24; i++)
        {
            Write($"sharp/{i:D2}.png", ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 120, 100, (x, y) => Board(x, y, i)));
        }

        Write("soft/1.png", Scenes.Png(1));
        var report = Check();
        Assert.Equal("soft/1.png", Name(report, Assert.Single(report.Issues, found => found.Issue == QualityIssue.Blurred).Photo));

        Directory.Delete(_folder.File("sharp"), recursive: true);
        for (var i = 2; i < 30; i++)
        {
            Write($"{(i % 2 == 0 ? "soft" : "other")}/{i}.png", Scenes.Png(i));
        }

        Assert.InRange(Check().Issues.Count, 0, 1);
    }

    [Fact]
    public void Classes_are_counted_and_their_imbalance_is_told()
    {
        for (var i = 0; i < 8; i++)
        {
            Write($"train/{(i < 6 ? "cat" : i < 7 ? "dog" : "cow")}/{i}.png", Scenes.Png(i));
        }

        Write("val/cat/9.png", Scenes.Png(9));
        var report = Check();

        Assert.Equal(6, report.Imbalance);
        Assert.Equal("cow, dog have no readable photo in validation.", report.Warnings[0]);
        Assert.Equal("Classes are uneven, 6.0 to 1: cat has 6 photos to train on, cow has 1.", report.Warnings[1]);
    }

    [Theory]
    [InlineData("none of 1 can be read", "cat/1.png", false)]
    [InlineData("found only cat", "cat/1.png", true)]
    public void A_collection_that_nothing_can_be_trained_on_says_why(string reason, string name, bool isReadable)
    {
        Write(name, isReadable ? Scenes.Png(1) : [1, 2, 3]);
        var report = Check();

        Assert.False(report.IsUsable);
        Assert.Contains(reason, report.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_and_progress_ends_with_all_photos()
    {
        Write("cat/1.png", Scenes.Png(1));
        Write("dog/a\nb 🐕.png", Scenes.Png(2)[..200]);
        var before = Snapshot();
        var reports = new List<WorkProgress>();
        var report = PhotoCheck.Run(PhotoFolder.Open(_folder.Path), progress: new Collector(reports));

        Assert.Equal(before, Snapshot());
        Assert.Equal([1L, 2L], reports.Select(state => state.Done));
        Assert.Equal(new WorkProgress { Activity = "checking photos", Done = 2, Total = 2, Unreadable = 1 }, reports[^1]);
        Assert.All(report.Warnings, warning => Assert.DoesNotContain('\n', warning));
        Assert.ThrowsAny<OperationCanceledException>(() => PhotoCheck.Run(PhotoFolder.Open(_folder.Path), cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_second_check_reads_only_what_is_new_or_changed_and_finds_the_same()
    {
        Write("train/cat/1.png", Scenes.Png(1));
        Write("train/dog/2.png", Scenes.Png(2));
        Write("train/dog/3.png", [1, 2, 3]);
        var options = new DatasetLoadOptions { CacheFolder = _folder.File("cache") };
        var first = PhotoCheck.Run(_folder.Path, options);
        File.Move(_folder.File("train/dog/2.png"), _folder.File("aside"));
        File.WriteAllBytes(_folder.File("train/dog/2.png"), new byte[new FileInfo(_folder.File("aside")).Length]); // nobody looks into it
        File.SetLastWriteTimeUtc(_folder.File("train/dog/2.png"), File.GetLastWriteTimeUtc(_folder.File("aside")));
        var second = PhotoCheck.Run(_folder.Path, options);

        Assert.Equal(first.Photos, second.Photos);
        File.SetLastWriteTimeUtc(_folder.File("train/dog/2.png"), DateTime.UtcNow.AddSeconds(9));
        Assert.Equal(first.Unreadable + 1, PhotoCheck.Run(_folder.Path, options).Unreadable);
    }

    [Fact]
    public void The_sheet_shows_what_is_alike_side_by_side_with_numbers()
    {
        Write("train/cat/1.png", Scenes.Png(1));
        Write("train/dog/2.png", Scenes.Png(2));
        Write("val/cat/3.png", Scenes.Png(1));
        Write("val/dog/tiny.png", Scenes.Png(4, 16, 16));
        var report = Check();
        var path = _folder.File("sheet.png");
        report.WriteSheet(path);

        Assert.Equal(["1 LEAK Validation", "2 = Train", "3 TINY"], report.Suspicious.Select(tile => tile.Label));
        Assert.Equal(["val/cat/3.png", "train/cat/1.png"], report.Suspicious.Take(2).Select(tile => Name(report, tile.Photo)));
        var sheet = ImageFile.Decode(path);
        Assert.InRange(sheet.Width, 3 * 128, 3 * 150);
        Assert.InRange(sheet.Height, 128, 180);
        Assert.Contains((byte)255, sheet.Rgb.AsSpan(3 * sheet.Width * 134).ToArray()); // the labels
        File.Delete(_folder.File("val/dog/tiny.png")); // its place stays empty
        report.WriteSheet(path);
        Assert.Throws<ArgumentException>(() => (report with { Leaks = [], Issues = [], Groups = [] }).WriteSheet(path));
    }

    public void Dispose() => _folder.Dispose();

    private PhotoCheckReport Check() => PhotoCheck.Run(PhotoFolder.Open(_folder.Path));

    private void Write(string name, byte[] content) => _folder.Write(name, content);

    private string Name(PhotoCheckReport report, int photo) => Path.GetRelativePath(_folder.Path, report.Photos[photo].Path);

    private string[] Snapshot() =>
        [.. new DirectoryInfo(_folder.Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(item => $"{item.FullName} {item.LastWriteTimeUtc:O} {(item as FileInfo)?.Length}").Order()];

    private sealed class Collector(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }
}
