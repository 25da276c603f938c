namespace PhotoMl.Tests.Models;

public sealed class CalibratedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = SyntheticImages.Create(24, classes: 3, height: 18, width: 20);
    private readonly ConvClassifier _model = new(EditableModelFile.SmallClassifier, seed: 3);
    private readonly CalibrationInfo _calibration;
    private readonly ConformalReference _reference;

    public CalibratedFileTests()
    {
        _calibration = ClassifierCalibrator.Calibrate(_model, _data, null, _data, out _reference) with { Temperature = 1.25 };
        ClassifierFile.Save(FilePath, _model, Info, _reference);
    }

    private string FilePath => _folder.File("model.safetensors");

    private ClassifierInfo Info => SavedModels.Info(_model.Options) with { Calibration = _calibration };

    [Fact]
    public void Temperature_and_reference_come_back_bit_for_bit_and_outlive_new_scores()
    {
        ClassifierFile.SaveScores(FilePath, new ClassifierScores { TestAccuracy = 0.5 });
        using var loaded = ClassifierFile.Load(FilePath);
        Assert.Equal(_calibration, loaded.Info.Calibration);
        Assert.Equal(1.25, loaded.Info.Temperature);
        Assert.Equal(0.5, loaded.Info.Scores.TestAccuracy);
        Assert.Equal(24, loaded.Conformal!.Images);
        Assert.Equal(_reference.Prototypes.bytes.ToArray(), loaded.Conformal.Prototypes.bytes.ToArray());
        Assert.Equal(_reference.Scores.bytes.ToArray(), loaded.Conformal.Scores.bytes.ToArray());
        Assert.Equal(WeightBytes.Of(_model), WeightBytes.Of(loaded.Model));
    }

    [Fact]
    public void A_temperature_alone_is_a_calibration_too_and_an_old_file_has_none()
    {
        ClassifierFile.Save(FilePath, _model, Info);
        using var loaded = ClassifierFile.Load(FilePath);
        File.WriteAllBytes(FilePath, EditableModelFile.ClassifierOfFormat(1).With("info.calibration", null));
        using var old = ClassifierFile.Load(FilePath);

        Assert.Equal((1.25, 1), (loaded.Info.Temperature, old.Info.Temperature));
        Assert.Null(old.Info.Calibration);
        Assert.All([loaded, old], classifier => Assert.Null(classifier.Conformal));
    }

    [Fact]
    public void A_reference_of_other_images_than_the_calibration_is_not_saved()
    {
        var info = Info with { Calibration = _calibration with { Images = 23 } };
        Assert.Throws<ArgumentException>(() => ClassifierFile.Save(FilePath, _model, info, _reference));
    }

    [Theory]
    [InlineData("temperature", "0", "Temperature")]
    [InlineData("temperature", "-1.5", "Temperature")]
    [InlineData("temperature", "1e9", "Temperature")]
    [InlineData("temperature", "\"NaN\"", "Temperature")]
    [InlineData("temperature", "null", "temperature")]
    [InlineData("images", "23", "calibration.scores of F32 (23, 2)")]
    [InlineData("images", "0", "Images")]
    [InlineData("images", "2.5", "images")]
    [InlineData("error_before", "\"NaN\"", "ErrorBefore")]
    [InlineData("error_after", "2", "ErrorAfter")]
    public void A_calibration_that_cannot_be_is_refused_in_one_line(string property, string json, string expected) =>
        AssertRefused(Editable().With($"info.calibration.{property}", json), expected);

    [Fact]
    public void A_calibration_with_something_missing_or_too_much_is_refused_in_one_line()
    {
        AssertRefused(Editable().With("info.calibration.temperature", null), "temperature");
        AssertRefused(Editable().With("info.calibration", "\"warm\""), "calibration");
        AssertRefused(Editable().With("info.calibration", null), "also calibration.");
        AssertRefused(Editable().WithHeader(header => Rename(header, "calibration.scores", "calibration.score")), "also calibration.score");
        AssertRefused(
            Editable().WithHeader(header => header["calibration.prototypes"]!["dtype"] = "BF16"), "calibration.prototypes of F16");
        AssertRefused(
            Editable().WithHeader(header => header["calibration.prototypes"]!["shape"] = new JsonArray(32, 3, _model.EmbeddingSize)),
            "calibration.prototypes of F16 (3, ");
        AssertRefused(
            Editable().WithHeader(header => header["calibration.scores"]!["shape"] = new JsonArray(2, 24)),
            "calibration.scores of F32 (24, 2)");
        AssertRefused(Editable().WithWeight("calibration.scores", float.NaN), "finite numbers in calibration.scores");
        AssertRefused(Editable().WithWeight("calibration.prototypes", float.NaN), "finite numbers in calibration.prototypes");
    }

    [Fact]
    public void A_refused_calibration_leaves_no_tensor_behind()
    {
        var path = _folder.File("bad");
        File.WriteAllBytes(path, Editable().WithWeight("calibration.scores", float.NaN));
        TensorAssert.NoneIsLeftBehind(Load, classifiers: 4); // and before each one of shapes alone

        void Load()
        {
            ClassifierFile.Load(FilePath).Dispose();
            Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(path));
        }
    }

    [Theory]
    [InlineData(ClassifierArchitecture.Convnet, 28, 576)]
    [InlineData(ClassifierArchitecture.Convnet, 18, 64)]
    [InlineData(ClassifierArchitecture.Convnet, 48, 576)]
    [InlineData(ClassifierArchitecture.ResNet18, 40, 512)]
    public void Embeddings_have_length_1_and_come_with_the_logits_that_the_network_gives(
        ClassifierArchitecture architecture, int size, int expected)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var network = new ClassifierOptions { Architecture = architecture, Height = size, Width = size, Classes = 3 };
        using var model = ImageClassifier.Create(network);
        model.eval();
        var images = TensorAssert.Normal(2, 5, 1, size, size).abs().clamp(0, 1);
        var (embeddings, logits) = model.ForwardWithEmbedding(images);
        Assert.Equal(expected, model.EmbeddingSize);
        Assert.Equal([5L, expected], embeddings.shape);
        Assert.All(embeddings.norm(1).data<float>().ToArray(), length => Assert.Equal(1, length, 5));
        TensorAssert.Equal(model.forward(images), logits);
    }

    public void Dispose()
    {
        _reference.Dispose();
        _model.Dispose();
        _data.Dispose();
        _folder.Dispose();
    }

    private static void Rename(JsonObject header, string from, string to)
    {
        var entry = header[from];
        header.Remove(from);
        header[to] = entry;
    }

    private EditableModelFile Editable() => new(File.ReadAllBytes(FilePath));

    private void AssertRefused(byte[] bytes, string expected)
    {
        var path = _folder.File("changed");
        File.WriteAllBytes(path, bytes);
        var exception = Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(path));
        Assert.StartsWith($"{path}: expected ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
