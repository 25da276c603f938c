using System.Text.Json.Nodes;

namespace PhotoMl.Tests.Models;

public sealed class ClassifierFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

    [Fact]
    public void A_model_comes_back_bit_for_bit_with_all_that_was_said_of_it()
    {
        using var data = SyntheticImages.Create(9, classes: 5, channels: 3, height: 20, width: 23);
        using var model = new ConvClassifier(new ClassifierOptions { Channels = 3, Height = 20, Width = 23, Classes = 5 }, seed: 4);
        var info = new ClassifierInfo
        {
            Network = model.Options,
            ClassNames = ["ä", "\"quoted\"", "new\nline", "🙂", ""],
            Preprocessing = ImagePreprocessing.ForPhotos(3, 20) with { Width = 23, Fit = ImageFit.Pad },
            Training = new TrainingSummary { Data = "mnist", Epoch = 3, Seed = long.MinValue, Precision = Precision.BFloat16, Threads = 2, Version = "1.2.3" },
            Scores = new ClassifierScores { TestAccuracy = 1.0 / 3, TestLoss = double.NaN, TestImages = 10_000 },
        };
        ClassifierFile.Save(FilePath, model, info);

        using var loaded = ClassifierFile.Load(FilePath);

        Assert.Equal(WeightBytes.Of(model), WeightBytes.Of(loaded.Model));
        Assert.Equal(info.ClassNames, loaded.Info.ClassNames);
        Assert.Equal(info.Preprocessing, loaded.Info.Preprocessing);
        Assert.Equal(info.Network, loaded.Info.Network);
        Assert.Equal(info.Scores, loaded.Info.Scores);
        Assert.Equal(info.Training, loaded.Info.Training! with { Options = default });
        Assert.False(loaded.Model.training);
    }

    [Fact]
    public void A_model_that_wants_another_mean_than_training_gives_is_refused()
    {
        File.WriteAllBytes(FilePath, ModelFileBytes.WithInfo(info => info["preprocessing"]!["mean"] = new JsonArray(0.1307)));

        var exception = Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(FilePath));
        Assert.Contains("0.1307", exception.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_the_same_model_twice_gives_the_same_bytes()
    {
        File.WriteAllBytes(FilePath, ModelFileBytes.Valid);
        using var data = SyntheticImages.Create(8, classes: 3, height: 18, width: 20);
        using var loaded = ClassifierFile.Load(FilePath);
        ClassifierFile.Save(_folder.File("again.safetensors"), loaded.Model, loaded.Info);

        Assert.Equal(ModelFileBytes.Valid, File.ReadAllBytes(_folder.File("again.safetensors")));
    }

    [Fact]
    public void Scores_are_stored_without_touching_the_weights()
    {
        File.WriteAllBytes(FilePath, ModelFileBytes.Valid);
        ClassifierFile.SaveScores(FilePath, new ClassifierScores { TestAccuracy = 0.75, TestImages = 4 });

        using var loaded = ClassifierFile.Load(FilePath);

        Assert.Equal(new ClassifierScores { TestAccuracy = 0.75, TestImages = 4 }, loaded.Info.Scores);
        Assert.Equal(ModelFileBytes.Data, File.ReadAllBytes(FilePath)[^ModelFileBytes.Data.Length..]);
    }

    [Fact]
    public void A_model_trained_in_bfloat16_passes_the_check_of_its_golden_sample()
    {
        using var data = SyntheticImages.Create(8, classes: 3, height: 18, width: 20);
        using var model = new ConvClassifier(ModelFileBytes.Network, seed: 3) { Precision = Precision.BFloat16 };
        ClassifierFile.Save(FilePath, model, new ClassifierInfo { Network = model.Options, ClassNames = data.ClassNames, Preprocessing = data.Preprocessing });

        Assert.Equal(Precision.BFloat16, model.Precision);
        ClassifierFile.Load(FilePath).Dispose();
    }

    [Fact]
    public void A_file_holds_no_picture()
    {
        var golden = ModelFileBytes.Stored["golden_sample"]!.AsObject();

        Assert.Equal(["logits"], golden.Select(property => property.Key));
        Assert.Equal(4 * 3, golden["logits"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_of_an_older_format_loads_and_loses_its_pictures_when_it_is_written_again(int format)
    {
        File.WriteAllBytes(FilePath, ModelFileBytes.OfFormat(format));

        ClassifierFile.SaveScores(FilePath, new ClassifierScores { TestAccuracy = 0.5 });

        Assert.DoesNotContain("pixels", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(FilePath)), StringComparison.Ordinal);
        using var loaded = ClassifierFile.Load(FilePath);
        Assert.Equal(ClassifierInfo.CurrentFormat, loaded.Info.FormatVersion);
    }

    [Fact]
    public void Every_bit_counts()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 200; trial++)
        {
            var bytes = ModelFileBytes.Valid.ToArray();
            bytes[random.Next(8 + ModelFileBytes.HeaderLength, bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(FilePath, bytes);
            Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(FilePath));
        }
    }

    [Fact]
    public void Loading_leaves_no_tensor_behind_whether_it_succeeds_or_fails()
    {
        File.WriteAllBytes(FilePath, ModelFileBytes.Valid);
        File.WriteAllBytes(_folder.File("bad"), ModelFileBytes.WithWeight("dense2.bias", float.NaN));
        TensorAssert.NoneIsLeftBehind(Load, classifiers: 2);

        void Load()
        {
            ClassifierFile.Load(FilePath).Dispose();
            Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(_folder.File("bad")));
        }
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_not_written()
    {
        File.WriteAllBytes(FilePath, ModelFileBytes.Valid);
        using var loaded = ClassifierFile.Load(FilePath);
        using var data = SyntheticImages.Create(4, classes: 3, height: 18, width: 20);
        using (TorchSharp.torch.no_grad())
        {
            loaded.Model.parameters().Last().fill_(float.NaN);
        }

        Assert.Throws<ArgumentException>(() => ClassifierFile.Save(FilePath, loaded.Model, loaded.Info));
        Assert.Equal(ModelFileBytes.Valid, File.ReadAllBytes(FilePath));
    }

    public void Dispose() => _folder.Dispose();
}
