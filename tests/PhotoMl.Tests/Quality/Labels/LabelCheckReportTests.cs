namespace PhotoMl.Tests.Quality;

public sealed class LabelCheckReportTests : FolderTests
{
    // The third of six images is labeled b and surely a.
    private static readonly float[][] Probabilities =
        [[0.9f, 0.1f], [0.8f, 0.2f], [0.95f, 0.05f], [0.1f, 0.9f], [0.2f, 0.8f], [0.1f, 0.9f]];

    [Fact]
    public void The_flagged_labels_are_listed_drawn_and_left_out_of_the_list_that_training_takes()
    {
        var report = Report();
        var doubtful = Assert.Single(report.Doubtful);
        Assert.Equal((2, "b", "a"), (doubtful.Image, doubtful.Label, doubtful.Suggested));
        Assert.Equal(1, report.Flagged);
        Assert.Equal(new LabelConfusion("b", "a", 1), Assert.Single(report.Confusions));
        Assert.Equal((6, 5.0 / 6), (report.Images, report.Accuracy));

        string[] csv = report.ToCsv().TrimEnd().Split('\n');
        Assert.Equal("rank,flagged,image,path,label,suggested,label_probability,suggested_probability", csv[0]);
        Assert.Equal($"1,1,2,\"{Folder.File("photos/b/2.png")}\",\"b\",\"a\",0.050000,0.950000", csv[1]);

        var sheet = Folder.File("sheet.png");
        report.WriteSheet(sheet);
        Assert.InRange(ImageFile.Decode(sheet).Height, 128, 200);
        Assert.Equal(["0", "1", "3", "4", "5"], Read(keepFlagged: false).Keys.Select(Path.GetFileNameWithoutExtension).Order());
        var all = Read(keepFlagged: true);
        Assert.Equal((6, "b", "a"), (all.Count, all[Folder.File("photos/b/2.png")], all[Folder.File("photos/a/0.png")]));

        Dictionary<string, string> Read(bool keepFlagged)
        {
            var list = Folder.File($"{keepFlagged}.csv");
            report.WriteList(list, keepFlagged);
            var photos = PhotoList.Open(list);
            return photos.Photos.ToDictionary(photo => photo.Path, photo => photos.ClassNames[photo.Label]);
        }
    }

    [Fact]
    public void Networks_that_only_guess_flag_no_label()
    {
        // As many of each class are predicted as one class as as the other.
        float[][] guesses = [[0.9f, 0.1f], [0.1f, 0.9f], [0.95f, 0.05f], [0.1f, 0.9f], [0.8f, 0.2f], [0.1f, 0.9f]];
        var report = Report(probabilities: guesses);

        Assert.False(report.IsBetterThanGuessing);
        Assert.Equal(0, report.Flagged);
        Assert.NotEmpty(report.Doubtful);
        Assert.True(Report().IsBetterThanGuessing);
    }

    [Fact]
    public void The_sheet_of_images_that_are_no_files_shows_their_pixels_and_there_is_no_list_of_them()
    {
        var report = Report(hasPaths: false);
        report.WriteSheet(Folder.File("sheet.png"));

        Assert.Contains((byte)203, ImageFile.Decode(Folder.File("sheet.png")).Rgb); // the third image is of this gray
        Assert.Throws<InvalidOperationException>(() => report.WriteList(Folder.File("list.csv")));
        Assert.Contains("1,1,2,\"\",", report.ToCsv(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_a_spreadsheet_would_compute_are_guarded_in_the_table_and_stay_in_the_list()
    {
        var report = Report(first: "=1+1");
        report.WriteList(Folder.File("list.csv"), keepFlagged: true);

        Assert.Contains("\"'=1+1\"", report.ToCsv(), StringComparison.Ordinal);
        Assert.Contains("=1+1", PhotoList.Open(Folder.File("list.csv")).ClassNames);
    }

    [Fact]
    public void The_list_has_all_photos_of_the_folder_and_their_splits_though_only_some_were_checked()
    {
        var report = Report(root: "train/");
        Folder.Write("photos/test/a/9.png", Png);
        report.WriteList(Folder.File("list.csv"));
        var photos = PhotoList.Open(Folder.File("list.csv")).Photos;

        Assert.Equal(6, photos.Count); // five of six, and the one that was not checked
        Assert.Equal(Folder.File("photos/test/a/9.png"), Assert.Single(photos, photo => photo.Split == DatasetSplits.Test).Path);
        Assert.Equal(5, photos.Count(photo => photo.Split == DatasetSplits.Train));
    }

    private static byte[] Png => ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 16, 16, (x, y) => (byte)(x * y));

    private LabelCheckReport Report(bool hasPaths = true, string first = "a", string root = "", float[][]? probabilities = null)
    {
        long[] labels = [0, 0, 1, 1, 1, 1];
        string[] names = [first, "b"];
        string[] paths = [.. labels.Select((label, i) => Folder.Write($"photos/{root}{names[label]}/{i}.png", Png))];
        var pixels = labels.SelectMany((_, i) => Enumerable.Repeat((byte)(201 + i), 64)).ToArray();
        using var data = ImageDataset.FromBytes("images", pixels, 1, 8, 8, labels, names);
        using var files = hasPaths ? new ImageDataset("files", data.Images.clone(), data.Labels.clone(), names) { Paths = paths } : null;
        return new LabelCheckReport(files ?? data, hasPaths ? Folder.File("photos") : null, probabilities ?? Probabilities);
    }
}
