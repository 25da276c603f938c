using PhotoMl.Tests.Quality;

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
        var report = ClassifierRun.CheckLabels(data, 2, options: Options, report: Folder.File("report"));

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
    public void Copies_are_in_one_fold()
    {
        using var images = SyntheticImages.Create(12);
        var bytes = images.Images.bytes.ToArray();
        bytes.AsSpan(0, 28 * 28).CopyTo(bytes.AsSpan(5 * 28 * 28));
        bytes.AsSpan(28 * 28, 28 * 28).CopyTo(bytes.AsSpan(9 * 28 * 28));
        using var copies = ImageDataset.FromBytes(
            "copies", bytes, 1, 28, 28, images.Labels.data<long>().ToArray(), images.ClassNames);
        var groups = copies.GroupsOfCopies();

        Assert.Equal([0, 1, 2, 3, 4, 0, 6, 7, 8, 1, 10, 11], groups);
        Assert.Empty(images.GroupsOfCopies());

        // Of three images, each copied many times, there are three parts and no four.
        var data = IdxFolder.Write(Folder.File("data"), train: 40);
        var path = Folder.File("data/train-images-idx3-ubyte");
        var pixels = File.ReadAllBytes(path);
        Enumerable.Range(3, 37).ToList().ForEach(
            i => pixels.AsSpan(16 + (i % 3 * 28 * 28), 28 * 28).CopyTo(pixels.AsSpan(16 + (i * 28 * 28))));
        File.WriteAllBytes(path, pixels);
        ExceptionAssert.Throws<InvalidDatasetException>(
            "at least 4 images unlike each other for 4 folds, but found 3",
            () => ClassifierRun.CheckLabels(data, folds: 4, options: Options));
    }

    [Fact]
    public void A_limit_is_refused_and_a_class_of_one_image_is_told()
    {
        var data = IdxFolder.Write(Folder.File("data"));
        Assert.Throws<ArgumentException>(() => ClassifierRun.CheckLabels(data, 2, options: Options with { Limit = 50 }));

        var messages = new List<string>();
        var path = Folder.File("data/train-labels-idx1-ubyte");
        var labels = File.ReadAllBytes(path);
        labels.AsSpan(8).Replace((byte)3, (byte)2);
        labels[8 + 7] = 3;
        File.WriteAllBytes(path, labels);
        ClassifierRun.CheckLabels(data, 2, options: Options with
        {
            Training = defaults => defaults with { Epochs = 1 },
            Messages = new SynchronousProgress<StatusMessage>(message => messages.Add(message.Text)),
        });
        Assert.Contains("1 of 4 classes has all images in one part (3) and is not checked", messages);
    }

    [Fact]
    public void A_model_without_its_run_says_that_it_checks_the_photos_it_was_trained_on()
    {
        foreach (var i in Enumerable.Range(0, 24))
        {
            Folder.Write($"photos/{(i % 2 == 0 ? "cat" : "dog")}/{i}.png", Scenes.Png(i));
        }

        var loading = new DatasetLoadOptions { ImageSize = 32, CacheFolder = Folder.File("cache") };
        using (var run = ClassifierRun.Start(Folder.File("photos"), Folder.File("run"), Options with
        {
            Training = defaults => defaults with { Epochs = 1 }, Loading = loading,
        }))
        {
            run.Train();
        }

        File.Copy(Folder.File("run/model.safetensors"), Folder.File("copied.safetensors"));
        Assert.Equal((2, ""), Check("run"));
        Assert.Equal((24, ": all photos are taken, those that the model was trained on too"), Check("copied.safetensors"));

        // Other photos are checked in all splits; two of them it knows.
        var known = File.ReadAllLines(Folder.File("run/split.csv")).Where(line => line.EndsWith("train", StringComparison.Ordinal)).Take(2);
        foreach (var (i, line) in known.Index())
        {
            Directory.CreateDirectory(Folder.File("other/train/cat"));
            File.Copy(line.Split(',')[0].Trim('"'), Folder.File($"other/train/cat/{i}.png"));
        }

        Folder.Write("other/train/dog/2.png", Scenes.Png(50));
        Folder.Write("other/test/dog/3.png", Scenes.Png(51));
        Assert.Equal((4, ": the model was trained on 2 of the 4 photos (same pixels)."), Check("run", Folder.File("other")));

        (int Images, string Warning) Check(string model, string? data = null)
        {
            var warning = "";
            using var classifier = Classifier.Load(Folder.File(model));
            var report = classifier.CheckLabels(data, new EvaluationOptions
            {
                Loading = loading,
                Messages = new SynchronousProgress<StatusMessage>(message => warning += message.IsWarning ? message.Text : ""),
            });
            var text = warning.Replace(data ?? Folder.File("photos"), "", StringComparison.Ordinal);
            return (report.Images, text.Split(": the list")[0]);
        }
    }

    [Fact]
    public void Networks_that_were_trained_on_the_images_rank_doubtful_labels_and_do_not_find_them()
    {
        // Noise tells no class, so that those that did not see an image are wrong about three of four; the others know it by heart.
        var data = IdxFolder.Write(Folder.File("data"), train: 80);
        var path = Folder.File("data/train-images-idx3-ubyte");
        var pixels = File.ReadAllBytes(path);
        new Random(1).NextBytes(pixels.AsSpan(16));
        File.WriteAllBytes(path, pixels);
        var doubtful = ClassifierRun.CheckLabels(data, folds: 2, options: Options with
        {
            Training = defaults => defaults with { Epochs = 40, BatchSize = 8, Augmentation = new() { Strength = 0 } },
        }).Doubtful;

        double[] ratios = [.. doubtful.Select(label => label.LabelProbability / label.SuggestedProbability)];
        Assert.InRange(doubtful.Count, 45, 75);
        Assert.NotEqual(ratios.Order(), ratios);
    }

    [Fact]
    public void A_check_that_was_stopped_goes_on_where_it_was_and_finds_the_same()
    {
        var data = IdxFolder.Write(Folder.File("data"), train: 80);
        Change("train-labels-idx1-ubyte", [3, 4, 5, 6, 7, 8, 9, 50]);
        var options = Options with { Training = defaults => defaults with { Epochs = 3, BatchSize = 8 } };
        var expected = ClassifierRun.CheckLabels(data, 2, options: options).ToCsv();
        using var stop = new CancellationTokenSource();
        var steps = 0;
        var progress = new SynchronousProgress<ClassifierProgress>(_ =>
        {
            if (++steps == 20) // the second step of the second fold, of which each has 3 epochs of 5 steps and a report
            {
                stop.Cancel();
            }
        });
        LabelCheckReport Check(CancellationToken stopped = default) =>
            ClassifierRun.CheckLabels(data, 2, Folder.File("kept"), options, progress: progress, cancellationToken: stopped);
        Assert.Throws<OperationCanceledException>(() => Check(stop.Token));
        Assert.Equal(expected, Check().ToCsv());
        Assert.Equal(36, steps); // none of them again
        Assert.Throws<InvalidModelException>(() => ClassifierRun.CheckLabels(data, 3, Folder.File("kept"), options));
        Assert.Throws<OutputException>(() => ClassifierRun.CheckLabels(data, 2, Path.Combine(data, "kept"), options));
        Assert.False(Directory.Exists(Path.Combine(data, "kept")));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(112, 96)]
    public void Of_color_photos_both_networks_predict_every_fold(int size, int small)
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
        var report = ClassifierRun.CheckLabels(Folder.File("photos"), folds: 2, Folder.File("kept"), new ClassifierRunOptions
        {
            Training = defaults => defaults with
            {
                Epochs = 1, PhotoAugmentation = defaults.PhotoAugmentation! with { TrainImageSize = 48 }, // of the larger network alone
            },
            Loading = new DatasetLoadOptions { ImageSize = size, CacheFolder = Folder.File("cache") },
            Messages = new SynchronousProgress<StatusMessage>(message => messages.Add(message.Text[..message.Text.IndexOf(':')])),
            Threads = 1,
        });

        string[] networks = [$"convnet at {small}x{small}", $"resnet18 at {size}x{size}"];
        Assert.Equal(["4 trainings", .. networks.SelectMany(each => (string[])[$"{each}, fold 1/2", $"{each}, fold 2/2"])], messages);
        Assert.Equal(24, report.Images);
        Assert.Equal(["convnet", "resnet18"], Directory.GetDirectories(Folder.File("kept")).Select(Path.GetFileName).Order());
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
