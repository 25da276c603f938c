namespace PhotoMl.Tests.Quality;

public sealed class LabelCheckReportTests : FolderTests
{
    private static readonly long[] Labels = [0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1];

    // The third of twelve images is labeled b and surely a.
    private static readonly float[][] Probabilities =
    [
        [0.9f, 0.1f], [0.8f, 0.2f], [0.95f, 0.05f], [0.1f, 0.9f], [0.2f, 0.8f], [0.1f, 0.9f],
        .. Enumerable.Repeat<float[]>([0.9f, 0.1f], 3), .. Enumerable.Repeat<float[]>([0.1f, 0.9f], 3),
    ];

    [Fact]
    public void The_flagged_labels_are_listed_drawn_and_left_out_of_the_list_that_training_takes()
    {
        var report = Report();
        var doubtful = Assert.Single(report.Doubtful);
        Assert.Equal((2, "b", "a"), (doubtful.Image, doubtful.Label, doubtful.Suggested));
        Assert.Equal(1, report.Flagged);
        Assert.Equal(new LabelConfusion("b", "a", 1), Assert.Single(report.Confusions));
        Assert.Equal((12, 11.0 / 12), (report.Images, report.Accuracy));

        string[] csv = report.ToCsv().TrimEnd().Split('\n');
        Assert.Equal("rank,flagged,image,path,label,suggested,label_probability,suggested_probability", csv[0]);
        Assert.Equal($"1,1,2,\"{Folder.File("photos/b/2.png")}\",\"b\",\"a\",0.050000,0.950000", csv[1]);

        var sheet = Folder.File("sheet.png");
        report.WriteSheet(sheet);
        Assert.InRange(ImageFile.Decode(sheet).Height, 128, 200);
        Assert.Equal(
            ["0", "1", "10", "11", "3", "4", "5", "6", "7", "8", "9"],
            Read(keepFlagged: false).Keys.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        var all = Read(keepFlagged: true);
        Assert.Equal((12, "b", "a"), (all.Count, all[Folder.File("photos/b/2.png")], all[Folder.File("photos/a/0.png")]));

        Dictionary<string, string> Read(bool keepFlagged)
        {
            var list = Folder.File($"{keepFlagged}.csv");
            report.WriteList(list, keepFlagged);
            var photos = PhotoList.Open(list);
            return photos.Photos.ToDictionary(photo => photo.Path, photo => photos.ClassNames[photo.Label]);
        }
    }

    // Of five images labeled a and seven labeled b, how many are predicted as they are labeled: the balanced accuracy of a guess lies
    // above 0.5 + 1.96 sqrt(0.25 / 5 + 0.25 / 7) / 2 = 0.787 in one of forty cases.
    [Theory]
    [InlineData(5, 0, false)]
    [InlineData(0, 7, false)]
    [InlineData(4, 5, false)] // 0.757
    [InlineData(4, 6, true)] // 0.829
    [InlineData(5, 7, true)]
    public void Where_networks_only_guess_no_label_is_flagged(int rightOfA, int rightOfB, bool isBetter)
    {
        var (a, b) = (0, 0);
        var report = Report(probabilities: Array.ConvertAll<long, float[]>(Labels, label =>
            label == 0 == (label == 0 ? a++ < rightOfA : b++ < rightOfB) ? [0.9f, 0.1f] : [0.1f, 0.9f]));

        Assert.Equal(((rightOfA / 5.0) + (rightOfB / 7.0)) / 2, report.BalancedAccuracy, 12);
        Assert.Equal(12 - rightOfA - rightOfB, report.Doubtful.Count);
        Assert.Equal(isBetter, report.IsBetterThanGuessing);
        Assert.True(isBetter || report.Flagged == 0);
        report.WriteList(Folder.File("list.csv"));
        Assert.Equal(12 - report.Flagged, PhotoList.Open(Folder.File("list.csv")).Photos.Count);
    }

    [Fact]
    public void Of_one_class_that_is_predicted_as_labeled_nothing_is_doubtful()
    {
        using var data = ImageDataset.FromBytes("images", new byte[3 * 64], 1, 8, 8, [0, 0, 0], ["a", "b"]);
        var report = new LabelCheckReport(data, null, [[0.9f, 0.1f], [0.9f, 0.1f], [0.8f, 0.2f]]);

        Assert.Equal((true, 1.0, 0), (report.IsBetterThanGuessing, report.BalancedAccuracy, report.Flagged));
        var unlearned = ImageDataset.FromBytes("images", new byte[3 * 64], 1, 8, 8, [0, 0, 1], ["a", "b"]);
        Assert.Equal(2, new LabelCheckReport(unlearned, null, [[0.9f, 0.1f], [0.4f, 0.6f], [1, 0]], unlearned: [1]).Images);
        Assert.Equal(0.5, new LabelCheckReport(unlearned, null, [[0.9f, 0.1f], [0.4f, 0.6f], [1, 0]], unlearned: [1]).Accuracy);
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
    public void Spaces_around_the_name_of_a_folder_are_not_in_the_list()
    {
        Report(first: "cat ").WriteList(Folder.File("list.csv"));

        Assert.Contains("cat", PhotoList.Open(Folder.File("list.csv")).ClassNames);
    }

    [Fact]
    public void A_list_that_would_lose_a_class_is_not_written()
    {
        var list = Folder.Write("list.csv", [1]);
        var exception = Assert.Throws<InvalidDatasetException>(() => Report(first: "None").WriteList(list));

        Assert.EndsWith("but found a class None.", exception.Message, StringComparison.Ordinal);
        Assert.Equal([1], File.ReadAllBytes(list));
    }

    [Fact]
    public void The_list_has_all_photos_of_the_folder_and_their_splits_though_only_some_were_checked()
    {
        var report = Report(root: "train/");
        Folder.Write("photos/test/a/9.png", Png);
        report.WriteList(Folder.File("list.csv"));
        var photos = PhotoList.Open(Folder.File("list.csv")).Photos;

        Assert.Equal(12, photos.Count); // eleven of twelve, and the one that was not checked
        Assert.Equal(Folder.File("photos/test/a/9.png"), Assert.Single(photos, photo => photo.Split == DatasetSplits.Test).Path);
        Assert.Equal(11, photos.Count(photo => photo.Split == DatasetSplits.Train));
    }

    private static byte[] Png => ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 16, 16, (x, y) => (byte)(x * y));

    private LabelCheckReport Report(bool hasPaths = true, string first = "a", string root = "", float[][]? probabilities = null)
    {
        string[] names = [first, "b"];
        string[] paths = [.. Labels.Select((label, i) => Folder.Write($"photos/{root}{names[label]}/{i}.png", Png))];
        var pixels = Labels.SelectMany((_, i) => Enumerable.Repeat((byte)(201 + i), 64)).ToArray();
        using var data = ImageDataset.FromBytes("images", pixels, 1, 8, 8, Labels, names);
        using var files = hasPaths ? new ImageDataset("files", data.Images.clone(), data.Labels.clone(), names) { Paths = paths } : null;
        return new LabelCheckReport(files ?? data, hasPaths ? Folder.File("photos") : null, probabilities ?? Probabilities);
    }
}
