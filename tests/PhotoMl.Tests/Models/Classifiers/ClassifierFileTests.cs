namespace PhotoMl.Tests.Models;

public sealed class ClassifierFileTests : FolderTests
{
    private static readonly EditableModelFile Small = EditableModelFile.Classifier;

    private string FilePath => Folder.File("model.safetensors");

    [Fact]
    public void A_model_comes_back_bit_for_bit_with_all_that_was_said_of_it()
    {
        using var model = new ConvClassifier(new ClassifierOptions { Channels = 3, Height = 20, Width = 23, Classes = 5 }, seed: 4);
        var info = SavedModels.Info(model.Options, ["ä", "\"quoted\"", "new\nline", "🙂", ""]) with
        {
            Preprocessing = ImagePreprocessing.ForPhotos(3, 20) with { Width = 23, Fit = ImageFit.Pad },
            Training = new TrainingSummary
            {
                Data = "mnist", Epoch = 3, Seed = long.MinValue, Precision = Precision.BFloat16, Threads = 2, Version = "1.2.3",
            },
            Scores = new ClassifierScores { TestAccuracy = 1.0 / 3, TestLoss = double.NaN, TestImages = 10_000 },
        };
        ClassifierFile.Save(FilePath, model, info);
        using var loaded = ClassifierFile.Load(FilePath);

        Assert.Equal(WeightBytes.Of(model), WeightBytes.Of(loaded.Model));
        Assert.Equal(info.ClassNames, loaded.Info.ClassNames);
        Assert.Equal(info.Training, loaded.Info.Training! with { Options = null });
        Assert.Equal(info with { ClassNames = [], Training = null }, loaded.Info with { ClassNames = [], Training = null });
        Assert.False(loaded.Model.training);
    }

    [Fact]
    public void Saving_again_gives_the_same_bytes_and_new_scores_leave_the_weights()
    {
        File.WriteAllBytes(FilePath, Small.Valid);
        using var loaded = ClassifierFile.Load(FilePath);
        ClassifierFile.Save(FilePath, loaded.Model, loaded.Info);
        Assert.Equal(Small.Valid, File.ReadAllBytes(FilePath));

        var scores = new ClassifierScores { TestAccuracy = 0.75, TestImages = 4 };
        ClassifierFile.SaveScores(FilePath, scores);
        using var again = ClassifierFile.Load(FilePath);
        Assert.Equal(scores, again.Info.Scores);
        Assert.Equal(Small.Data, File.ReadAllBytes(FilePath)[^Small.Data.Length..]);
    }

    [Fact]
    public void A_model_trained_in_bfloat16_passes_the_check_of_its_golden_sample()
    {
        using var model = new ConvClassifier(EditableModelFile.SmallClassifier, seed: 3) { Precision = Precision.BFloat16 };
        SavedModels.Save(FilePath, model);

        Assert.Equal(Precision.BFloat16, model.Precision);
        ClassifierFile.Load(FilePath).Dispose();
    }

    [Fact]
    public void A_file_holds_no_picture_but_logits_of_images_drawn_as_in_version_0_1()
    {
        var golden = JsonNode.Parse(Small.Metadata)!["golden_sample"]!.AsObject();

        Assert.Equal(["logits"], golden.Select(property => property.Key));
        Assert.Equal(4 * 3, golden["logits"]!.AsArray().Count);

        // The images of the golden sample of version 0.1, whose files hold their logits alone.
        using var images = GoldenSample.DrawImages(new ClassifierOptions());
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(images.bytes));
        Assert.StartsWith("81d1472423c23867", hash, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_of_an_older_format_loads_and_loses_its_pictures_when_it_is_written_again(int format)
    {
        File.WriteAllBytes(FilePath, EditableModelFile.ClassifierOfFormat(format).Valid);
        using var old = ClassifierFile.Load(FilePath);
        ClassifierFile.SaveScores(FilePath, new ClassifierScores { TestAccuracy = 0.5 });
        using var loaded = ClassifierFile.Load(FilePath);

        Assert.Equal((format, ClassifierInfo.CurrentFormat), (old.Info.FormatVersion, loaded.Info.FormatVersion));
        Assert.DoesNotContain("pixels", Encoding.Latin1.GetString(File.ReadAllBytes(FilePath)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_bit_counts()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 200; trial++)
        {
            var bytes = Small.Valid.ToArray();
            bytes[random.Next(8 + Small.HeaderLength, bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(FilePath, bytes);
            Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(FilePath));
        }
    }

    [Fact]
    public void Loading_leaves_no_tensor_behind_whether_it_succeeds_or_fails()
    {
        File.WriteAllBytes(FilePath, Small.Valid);
        File.WriteAllBytes(Folder.File("bad"), Small.WithWeight("dense2.bias", float.NaN));

        // The networks, and before each one of shapes alone.
        TensorAssert.NoneIsLeftBehind(Load, classifiers: 4);

        void Load()
        {
            ClassifierFile.Load(FilePath).Dispose();
            Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(Folder.File("bad")));
        }
    }

    [Fact]
    public void Weights_that_are_NaN_are_not_written()
    {
        File.WriteAllBytes(FilePath, Small.Valid);
        using var loaded = ClassifierFile.Load(FilePath);
        using var withoutGradients = no_grad();
        loaded.Model.parameters().Last().fill_(float.NaN);

        Assert.Throws<ArgumentException>(() => ClassifierFile.Save(FilePath, loaded.Model, loaded.Info));
        Assert.Equal(Small.Valid, File.ReadAllBytes(FilePath));
    }
}
