namespace PhotoMl.Tests.Models;

public sealed class GeneratorFileTests : FolderTests
{
    private static readonly EditableModelFile Small = EditableModelFile.Generator;

    private string FilePath => Folder.File("model.safetensors");

    [Theory]
    [InlineData(1, 28, 28, 0)]
    [InlineData(3, 29, 32, 3)]
    public void A_generator_comes_back_bit_for_bit_with_all_that_was_said_of_it(int channels, int height, int width, int classes)
    {
        var network = new DcganOptions { Channels = channels, Height = height, Width = width, Latent = 5, Classes = classes };
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var model = Generators.Create(network, seed: 4);
        var info = new GeneratorInfo
        {
            Network = network,
            ClassNames = ["ä", "\"quoted\"\n", ""],
            Training = new TrainingSummary { Data = "mnist", Epoch = 3, Seed = long.MinValue, Threads = 2, Version = "1.2.3" },
        };
        GeneratorFile.Save(FilePath, model, info);

        using var loaded = GeneratorFile.Load(FilePath);

        Assert.Equal(WeightBytes.Of(model), WeightBytes.Of(loaded.Model));
        Assert.Equal(network, loaded.Info.Network);
        Assert.Equal(network, loaded.Model.Options);
        Assert.Equal(info.ClassNames, loaded.Info.ClassNames);
        Assert.Equal(info.Training, loaded.Info.Training! with { Options = default });
        Assert.Equal(ModelHash.Of(model), loaded.Hash);
        Assert.False(loaded.Model.training);
        var (latents, labels) = (TensorAssert.Normal(1, 2, 5), classes == 0 ? null : tensor(new long[] { 0, 2 }));
        TensorAssert.Equal(model.Generate(latents, labels), loaded.Model.Generate(latents, labels));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Saving_leaves_the_mode_the_precision_and_the_statistics_of_the_generator(bool training)
    {
        using var model = Generators.Create(EditableModelFile.SmallGenerator, seed: 3);
        model.Precision = Precision.BFloat16;
        model.train(training);
        var before = WeightBytes.Of(model);
        GeneratorFile.Save(FilePath, model, Generators.Info(model.Options));

        Assert.Equal(training, model.training);
        Assert.Equal(Precision.BFloat16, model.Precision);
        Assert.Equal(before, WeightBytes.Of(model));
        Assert.Equal(Small.Valid, File.ReadAllBytes(FilePath)); // the pictures in it are those of float32
    }

    [Fact]
    public void The_hash_is_of_every_bit_of_the_weights_and_of_nothing_else_in_the_file()
    {
        File.WriteAllBytes(FilePath, Small.Valid);
        using var whole = GeneratorFile.Load(FilePath);
        GeneratorFile.Save(FilePath, whole.Model, whole.Info with { ClassNames = ["other", "class", "names"] });
        using var renamed = GeneratorFile.Load(FilePath);
        File.WriteAllBytes(FilePath, Small.WithData("dense.weight", data => data[0] ^= 1)); // which changes no picture
        using var changed = GeneratorFile.Load(FilePath);

        Assert.Equal(whole.Hash, renamed.Hash);
        Assert.NotEqual(whole.Info.ClassNames, renamed.Info.ClassNames);
        Assert.NotEqual(whole.Hash, changed.Hash);
    }

    [Fact]
    public void A_classifier_and_a_generator_are_not_taken_for_each_other()
    {
        File.WriteAllBytes(FilePath, Small.Valid);
        var classifier = Folder.Write("classifier", EditableModelFile.Classifier.Valid);

        Assert.Equal(("generator", "classifier"), (ModelFile.ReadKind(FilePath), ModelFile.ReadKind(classifier)));
        Assert.Equal(
            $"{FilePath}: expected a classifier, but found a generator",
            Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(FilePath)).Message);
        Assert.Equal(
            $"{classifier}: expected a generator, but found a classifier",
            Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(classifier)).Message);
    }

    [Fact]
    public void Loading_leaves_no_tensor_behind_whether_it_succeeds_or_fails()
    {
        File.WriteAllBytes(FilePath, Small.Valid);
        File.WriteAllBytes(Folder.File("bad"), Small.WithWeight("norm3.bias", float.NaN));

        // The networks, and before each one of shapes alone; ten parameters a generator, as a classifier has.
        TensorAssert.NoneIsLeftBehind(Load, classifiers: 4);

        void Load()
        {
            GeneratorFile.Load(FilePath).Dispose();
            Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(Folder.File("bad")));
        }
    }

    [Fact]
    public void Weights_that_are_NaN_are_not_written()
    {
        File.WriteAllBytes(FilePath, Small.Valid);
        using var loaded = GeneratorFile.Load(FilePath);
        using var withoutGradients = no_grad();
        loaded.Model.parameters().Last().fill_(float.NaN);

        Assert.Throws<ArgumentException>(() => GeneratorFile.Save(FilePath, loaded.Model, loaded.Info));
        Assert.Equal(Small.Valid, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Classes_are_found_by_name_then_by_number()
    {
        var info = new GeneratorInfo { Network = new DcganOptions { Classes = 3 }, ClassNames = ["2", "shoe", "bag"] };

        Assert.Equal(1, info.FindClass("shoe"));
        Assert.Equal(0, info.FindClass("2"));
        Assert.Equal(1, info.FindClass("1"));
        Assert.All(new[] { "3", "-1", "Shoe", "", " 1", "99999999999" }, name => Assert.Null(info.FindClass(name)));
        Assert.Null((info with { Network = new DcganOptions() }).FindClass("shoe"));
    }
}
