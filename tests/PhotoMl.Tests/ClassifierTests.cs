namespace PhotoMl.Tests;

/// <summary>A classifier that a run has trained.</summary>
public sealed class TrainedClassifier : IDisposable
{
    public TrainedClassifier()
    {
        var options = new ClassifierRunOptions { Training = defaults => defaults with { Epochs = 2, BatchSize = 32 } };
        using var run = ClassifierRun.Start(IdxFolder.Write(Folder.File("data")), Folder.File("run"), options);
        run.Train();
        Classifier = Classifier.Load(Folder.File("run"), Precision.BFloat16);
    }

    internal TemporaryFolder Folder { get; } = new();

    internal Classifier Classifier { get; }

    public void Dispose()
    {
        Classifier.Dispose();
        Folder.Dispose();
    }
}

public sealed class ClassifierTests : IClassFixture<TrainedClassifier>
{
    private readonly TemporaryFolder _folder;
    private readonly Classifier _classifier;
    private readonly string _photo;

    public ClassifierTests(TrainedClassifier trained)
    {
        (_folder, _classifier) = (trained.Folder, trained.Classifier);
        _photo = WritePhoto("photo.png", 60);
    }

    [Fact]
    public void A_path_a_stream_and_bytes_give_the_same()
    {
        var expected = _classifier.Predict(_photo);
        using var stream = File.OpenRead(_photo);

        Assert.Equal(4, expected.Ranking.Count);
        Assert.Equal(1, expected.Ranking.Sum(entry => entry.Probability), 6);
        Assert.Equal(expected.Ranking, _classifier.Predict(stream).Ranking);
        Assert.Equal(expected.Ranking, _classifier.Predict(File.ReadAllBytes(_photo)).Ranking);
        Assert.Equal(expected.Ranking, Assert.Single(_classifier.PredictMany([_photo])).Ranking);
    }

    [Fact]
    public void An_unreadable_image_is_an_exception_alone_and_a_result_among_many()
    {
        var broken = _folder.Write("photos/broken.png", "no image"u8.ToArray());
        File.Copy(_photo, _folder.File("photos/good.png"));

        Assert.Throws<UnreadableImageException>(() => _classifier.Predict(broken));
        Assert.Throws<UnreadableImageException>(() => _classifier.Predict([]));
        Assert.Throws<UnreadableImageException>(() => _classifier.Explain(broken));
        var predictions = _classifier.PredictMany([_folder.File("photos"), _folder.File("none.png")]).ToList();
        Assert.Equal([false, true, false], predictions.Select(prediction => prediction.Problem is null));
    }

    [Fact]
    public void Many_files_are_read_as_they_are_asked_for()
    {
        var paths = Enumerable.Range(0, 6).Select(i => WritePhoto($"many/{i}.png", 40 * i)).ToList();
        using var predictions = _classifier.PredictMany(paths, new PredictionOptions { BatchSize = 2 }).GetEnumerator();
        Assert.True(predictions.MoveNext());
        File.Delete(paths[5]);

        var rest = new List<ImagePrediction>();
        while (predictions.MoveNext())
        {
            rest.Add(predictions.Current);
        }

        Assert.NotNull(rest[^1].Problem);
        Assert.All(rest.SkipLast(1), prediction => Assert.Null(prediction.Problem));
    }

    [Fact]
    public async Task Threads_that_predict_and_explain_at_once_get_what_each_gets_alone_and_change_nothing()
    {
        var before = WeightBytes.Of(_classifier.Model);
        var prediction = _classifier.Predict(_photo);
        var options = new ExplanationOptions { Method = ExplanationMethod.IntegratedGradients, Steps = 8, MeasureFaithfulness = false };
        var map = _classifier.Explain(_photo, options: options).Heatmap.Values.ToArray();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 5; i++)
            {
                if (worker % 2 == 0)
                {
                    Assert.Equal(prediction.Ranking, _classifier.Predict(_photo).Ranking);
                }
                else
                {
                    Assert.Equal(map, _classifier.Explain(_photo, options: options).Heatmap.Values.ToArray());
                }
            }
        })));

        Assert.Equal(before, WeightBytes.Of(_classifier.Model));
        Assert.Equal((false, Precision.BFloat16), (_classifier.Model.training, _classifier.Model.Precision));
        Assert.All(_classifier.Model.parameters(), parameter => Assert.False(parameter.requires_grad));
    }

    [Fact]
    public void An_image_that_is_decoded_already_is_predicted_as_its_file_is()
    {
        var decoded = PhotoMl.Imaging.ImageFile.Decode(_photo);
        Assert.Equal(_classifier.Predict(_photo).Ranking, _classifier.Predict(decoded.Rgb, decoded.Width, decoded.Height).Ranking);
        Assert.Throws<ArgumentException>(() => _classifier.Predict(decoded.Rgb, decoded.Width, decoded.Height + 1));
        Assert.Throws<ArgumentException>(() => _classifier.Predict(decoded.Rgb, -decoded.Width, -decoded.Height));
        Assert.Throws<ArgumentException>(() => _classifier.Predict([], 1, 0));
    }

    [Fact]
    public void An_explanation_is_drawn_over_the_photo()
    {
        var explained = _classifier.Explain(_photo, label: "1");
        using var overlay = SKBitmap.Decode(explained.EncodeOverlayPng(side: 200));

        Assert.Equal("1", explained.Class);
        Assert.Equal(180, Math.Max(overlay.Width, overlay.Height));
        Assert.Throws<ArgumentException>(() => _classifier.Explain(_photo, label: "seven"));
    }

    [Fact]
    public void It_is_evaluated_on_what_it_was_trained_on_or_on_data_that_is_named()
    {
        var own = _classifier.Evaluate();
        var named = _classifier.Evaluate(_folder.File("data"), new EvaluationOptions { Limit = 10 });

        Assert.Equal(("test", "test images", 40L), (own.Split, own.Images, own.Figures.Report.Images));
        Assert.Equal(10, named.Figures.Report.Images);
        Assert.Throws<InvalidModelException>(() => _classifier.Evaluate(options: new EvaluationOptions { Coverage = 0.9999 }));
        var within = new EvaluationOptions { Report = _folder.File("data") };
        ExceptionAssert.Throws<OutputException>("expected a path outside of", () => _classifier.Evaluate(options: within));
    }

    [Fact]
    public void Test_time_augmentation_averages_the_logits_of_an_image_and_its_mirror_image()
    {
        using (var run = ClassifierRun.Start(_folder.File("data"), _folder.File("flips"), new ClassifierRunOptions
        {
            Training = defaults => defaults with { Epochs = 1, Augmentation = new AugmentationOptions { Flip = 0.5 } },
        }))
        {
            run.Train();
        }

        using var scope = NewDisposeScope();
        using var images = SyntheticImages.Create(40, seed: 2); // the test images
        using var single = Classifier.Load(_folder.File("flips"), Precision.Float32);
        using var averaged = Classifier.Load(_folder.File("flips"), Precision.Float32, testTimeAugmentation: true);
        var input = images.Images.to(ScalarType.Float32) / 255;
        var logits = (single.Model.forward(input) + single.Model.forward(input.flip(3))).to(ScalarType.Float64) / 2;
        var expected = nn.functional.cross_entropy(logits / single.Info.Temperature, images.Labels).item<double>();
        var report = averaged.Evaluate().Figures;

        Assert.Equal(expected, report.Report.Loss, 5);
        Assert.NotEqual(expected, single.Evaluate().Figures.Report.Loss, 5);
        Assert.True(report.TestTimeAugmentation);

        // A photo and its mirror image are predicted alike, but for what resizing rounds.
        var mirrored = WritePhoto("mirrored.png", 60, isMirrored: true);
        Assert.True(Difference(averaged) < Difference(single) / 5, $"{Difference(averaged)}, {Difference(single)}");
        double Difference(Classifier classifier) => classifier.Predict(_photo).Ranking.Join(
            classifier.Predict(mirrored).Ranking, entry => entry.Label, entry => entry.Label,
            (one, other) => Math.Abs(one.Probability - other.Probability)).Max();

        ExceptionAssert.Throws<ArgumentException>("Coverage", () => averaged.Predict(_photo, new PredictionOptions { Coverage = 0.9 }));
        ExceptionAssert.Throws<InvalidModelException>(
            "trained with flips", () => Classifier.Load(_classifier.ModelPath, testTimeAugmentation: true));
    }

    [Fact]
    public void Two_classifiers_are_compared_and_a_report_and_an_export_are_written()
    {
        var comparison = Classifier.Compare(_classifier, _classifier);
        Assert.Equal(40, comparison.Figures.Images);
        Assert.Empty(comparison.Figures.Differences);

        var page = _classifier.Evaluate(options: new EvaluationOptions { Report = _folder.File("report") }).Output;
        Assert.Contains("<html", File.ReadAllText(page!), StringComparison.Ordinal);
        Assert.True(_classifier.Export(_folder.File("model.onnx")).Bytes > 0);
        var text = _folder.File("model.txt");
        ExceptionAssert.Throws<ArgumentException>("Output: expected a file that ends in", () => _classifier.Export(text));
    }

    [Theory]
    [InlineData("photos train")]
    [InlineData("../photos train")]
    public void An_older_model_that_names_its_data_by_a_relative_path_asks_for_it(string data)
    {
        const string Expected = "m: expected a model that names what it was trained on by its full path, or data to be named, but found";
        var training = _classifier.Info.Training!;

        ExceptionAssert.Throws<InvalidModelException>($"{Expected} '{data[..^6]}'", () => DataOf(training with { Data = data }));
        Assert.Equal("mnist", DataOf(training with { Data = "mnist train" }));
        Assert.Equal(_folder.File("data"), DataOf(training));

        static string DataOf(TrainingSummary summary) => Classifier.DataOf(summary, "m", DatasetCatalog.Default);
    }

    private string WritePhoto(string name, int red, bool isMirrored = false)
    {
        using var bitmap = new SKBitmap(90, 60);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Black);
            using var paint = new SKPaint { Color = new SKColor((byte)red, 200, 255) };
            canvas.DrawCircle(isMirrored ? 30 : 60, 20, 12, paint);
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return _folder.Write(name, png.ToArray());
    }
}
