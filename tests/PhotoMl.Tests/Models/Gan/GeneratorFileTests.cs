namespace PhotoMl.Tests.Models;

public sealed class GeneratorFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

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
            Training = new TrainingSummary { Data = "mnist", Epoch = 3, Seed = long.MinValue, Precision = Precision.BFloat16, Threads = 2, Version = "1.2.3" },
        };
        GeneratorFile.Save(FilePath, model, info);

        using var loaded = GeneratorFile.Load(FilePath);

        Assert.Equal(WeightBytes.Of(model), WeightBytes.Of(loaded.Model));
        Assert.Equal(model.get_buffer("norm2.running_var")!.bytes.ToArray(), loaded.Model.get_buffer("norm2.running_var")!.bytes.ToArray());
        Assert.Equal(network, loaded.Info.Network);
        Assert.Equal(network, loaded.Model.Options);
        Assert.Equal(info.ClassNames, loaded.Info.ClassNames);
        Assert.Equal(info.Training, loaded.Info.Training! with { Options = default });
        Assert.Equal(ModelHash.Of(model), loaded.Hash);
        Assert.False(loaded.Model.training);
        var (latents, labels) = (TensorAssert.Normal(1, 2, 5), classes == 0 ? null : tensor(new long[] { 0, 2 }));
        TensorAssert.Equal(model.Generate(latents, labels), loaded.Model.Generate(latents, labels));
    }

    [Fact]
    public void Saving_the_same_generator_twice_gives_the_same_bytes()
    {
        File.WriteAllBytes(FilePath, GeneratorFileBytes.Valid);
        using var loaded = GeneratorFile.Load(FilePath);
        GeneratorFile.Save(_folder.File("again.safetensors"), loaded.Model, loaded.Info);

        Assert.Equal(GeneratorFileBytes.Valid, File.ReadAllBytes(_folder.File("again.safetensors")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Saving_leaves_the_mode_the_precision_and_the_statistics_of_the_generator(bool training)
    {
        using var model = Generators.Create(GeneratorFileBytes.Network, seed: 3);
        model.Precision = Precision.BFloat16;
        model.train(training);
        var before = WeightBytes.Of(model);
        GeneratorFile.Save(FilePath, model, Generators.Info(model.Options));

        Assert.Equal(training, model.training);
        Assert.Equal(Precision.BFloat16, model.Precision);
        Assert.Equal(before, WeightBytes.Of(model));
        Assert.Equal(GeneratorFileBytes.Valid, File.ReadAllBytes(FilePath)); // the pictures in it are those of float32
    }

    [Fact]
    public void The_hash_is_of_the_weights_and_of_nothing_else_in_the_file()
    {
        File.WriteAllBytes(FilePath, GeneratorFileBytes.Valid);
        using var loaded = GeneratorFile.Load(FilePath);
        GeneratorFile.Save(FilePath, loaded.Model, loaded.Info with { ClassNames = ["other", "class", "names"] });
        using var renamed = GeneratorFile.Load(FilePath);

        Assert.Equal(loaded.Hash, renamed.Hash);
        Assert.NotEqual(loaded.Info.ClassNames, renamed.Info.ClassNames);
    }

    [Fact]
    public void One_bit_of_a_weight_that_changes_no_picture_changes_the_hash()
    {
        File.WriteAllBytes(_folder.File("changed"), GeneratorFileBytes.File.WithData("dense.weight", data => data[0] ^= 1));
        File.WriteAllBytes(FilePath, GeneratorFileBytes.Valid);
        using var whole = GeneratorFile.Load(FilePath);
        using var changed = GeneratorFile.Load(_folder.File("changed"));

        Assert.NotEqual(whole.Hash, changed.Hash);
    }

    [Fact]
    public void A_classifier_and_a_generator_are_not_taken_for_each_other()
    {
        File.WriteAllBytes(FilePath, GeneratorFileBytes.Valid);
        File.WriteAllBytes(_folder.File("classifier"), ModelFileBytes.Valid);

        Assert.Equal("generator", ModelFile.ReadKind(FilePath));
        Assert.Equal("classifier", ModelFile.ReadKind(_folder.File("classifier")));
        Assert.Equal(
            $"{FilePath}: expected a classifier, but found a generator",
            Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(FilePath)).Message);
        Assert.Equal(
            $"{_folder.File("classifier")}: expected a generator, but found a classifier",
            Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(_folder.File("classifier"))).Message);
    }

    [Fact]
    public void A_kind_of_model_that_is_not_known_is_told_all_the_same()
    {
        File.WriteAllBytes(FilePath, GeneratorFileBytes.File.WithInfo(info => info["kind"] = "denoiser"));

        Assert.Equal("denoiser", ModelFile.ReadKind(FilePath));
        Assert.Contains("a denoiser", Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(FilePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loading_leaves_no_tensor_behind_whether_it_succeeds_or_fails()
    {
        File.WriteAllBytes(FilePath, GeneratorFileBytes.Valid);
        File.WriteAllBytes(_folder.File("bad"), GeneratorFileBytes.File.WithWeight("norm3.bias", float.NaN));

        // Ten parameters a generator, as a classifier has.
        TensorAssert.NoneIsLeftBehind(Load, classifiers: 2);

        void Load()
        {
            GeneratorFile.Load(FilePath).Dispose();
            Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(_folder.File("bad")));
        }
    }

    [Fact]
    public void The_projection_classes_of_a_file_of_0_1_are_read_by_their_old_name()
    {
        File.WriteAllBytes(FilePath, GeneratorFileBytes.File.WithInfo(info =>
        {
            info["network"]!.AsObject().Remove("projection_classes");
            info["network"]!["guiding_classes"] = 3;
        }));
        using var loaded = GeneratorFile.Load(FilePath);
        GeneratorFile.Save(_folder.File("again"), loaded.Model, loaded.Info);
        using var again = GeneratorFile.Load(_folder.File("again"));

        Assert.Equal(3, loaded.Info.Network.ProjectionClasses);
        Assert.Equal(loaded.Info.Network, again.Info.Network);
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_not_written()
    {
        File.WriteAllBytes(FilePath, GeneratorFileBytes.Valid);
        using var loaded = GeneratorFile.Load(FilePath);
        using (TorchSharp.torch.no_grad())
        {
            loaded.Model.parameters().Last().fill_(float.NaN);
        }

        Assert.Throws<ArgumentException>(() => GeneratorFile.Save(FilePath, loaded.Model, loaded.Info));
        Assert.Equal(GeneratorFileBytes.Valid, File.ReadAllBytes(FilePath));
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

    public void Dispose() => _folder.Dispose();
}
