namespace PhotoMl.Tests;

/// <summary>Labels that are checked as a whole task.</summary>
public sealed class LabelCheckTests : FolderTests
{
    private static ClassifierRunOptions Options =>
        new() { Training = defaults => defaults with { Epochs = 12, BatchSize = 32 }, Threads = 1 };

    [Fact]
    public void Changed_labels_are_found_by_networks_that_did_not_see_them_and_by_a_model_of_other_images()
    {
        var data = IdxFolder.Write(Folder.File("data"), train: 400);
        using (var run = ClassifierRun.Start(data, Folder.File("run"), Options))
        {
            run.Train();
        }

        int[] changed = [3, 50, 111, 222, 333];
        Change("train-labels-idx1-ubyte", changed);
        var report = ClassifierRun.CheckLabels(data, folds: 2, Options, Folder.File("report"));

        Assert.Equal(changed, report.Doubtful.Take(5).Select(label => label.Image).Order());
        Assert.InRange(report.EstimatedWrong, 3, 12);
        Assert.InRange(5, report.EstimatedLow, report.EstimatedHigh);
        Assert.Equal(400, report.Images);
        Assert.Contains("image 333", File.ReadAllText(Folder.File("report/report.html")), StringComparison.Ordinal);

        Change("t10k-labels-idx1-ubyte", [7]);
        using var classifier = Classifier.Load(Folder.File("run"));
        var ofTest = classifier.CheckLabels(data, new EvaluationOptions { Report = Folder.File("other") });
        Assert.Equal(7, ofTest.Doubtful[0].Image);
        Assert.Equal(40, ofTest.Images);
        Assert.True(File.Exists(Folder.File("other/report.html")));
    }

    [Fact]
    public void Of_color_photos_both_networks_predict_every_fold()
    {
        var random = new Random(1);
        for (var i = 0; i < 24; i++)
        {
            var blocks = new byte[3 * 64]; // 8 x 8 colors
            random.NextBytes(blocks);
            byte[] Pixel(int at) => [.. blocks.AsSpan(3 * ((at / 512 * 8) + (at % 64 / 8)), 3), 255];
            byte[] pixels = [.. Enumerable.Range(0, 64 * 64).SelectMany(Pixel)];
            Folder.Write($"photos/{i % 2}/{i}.png", ImageFixture.Encode(SKEncodedImageFormat.Png, 64, 64, pixels));
        }

        var messages = new List<string>();
        var report = ClassifierRun.CheckLabels(Folder.File("photos"), folds: 2, new ClassifierRunOptions
        {
            Training = defaults => defaults with { Epochs = 1 },
            Loading = new DatasetLoadOptions { ImageSize = 64, CacheFolder = Folder.File("cache") },
            Messages = new SynchronousProgress<StatusMessage>(message => messages.Add(message.Text[..message.Text.IndexOf(':')])),
            Threads = 1,
        });

        Assert.Equal(["resnet18, fold 1/2", "resnet18, fold 2/2", "convnet, fold 1/2", "convnet, fold 2/2"], messages);
        Assert.Equal(24, report.Images);
    }

    [Fact]
    public void A_report_within_the_data_is_refused_before_anything_is_trained()
    {
        var data = IdxFolder.Write(Folder.File("data"));

        Assert.Throws<OutputException>(() => ClassifierRun.CheckLabels(data, report: Path.Combine(data, "report")));
        Assert.False(Directory.Exists(Path.Combine(data, "report")));
    }

    private void Change(string file, int[] images)
    {
        var path = Folder.File($"data/{file}");
        var bytes = File.ReadAllBytes(path);
        Array.ForEach(images, image => bytes[8 + image] = (byte)((bytes[8 + image] + 1) % 4));
        File.WriteAllBytes(path, bytes);
    }
}
