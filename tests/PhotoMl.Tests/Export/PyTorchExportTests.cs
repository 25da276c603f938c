namespace PhotoMl.Tests.Export;

public sealed class PyTorchExportTests : FolderTests
{
    private static readonly ClassifierOptions Photos = new()
    {
        Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = 32, Width = 32, Classes = 3,
    };

    private string ModelPath => Folder.File("model.safetensors");

    private string OutputPath => Folder.File("weights.pth");

    [Fact]
    public void A_state_dict_has_the_weights_of_its_model_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        using var classifier = new ConvClassifier(new ClassifierOptions { Classes = 3 }, seed: 2);
        Export(classifier);
        AssertSame(classifier, StateDictFile.Read(OutputPath));

        var options = new DcganOptions { Latent = 7 };
        using var generator = Generators.Create(options);
        GeneratorFile.Save(ModelPath, generator, Generators.Info(options));
        Export();
        AssertSame(generator, StateDictFile.Read(OutputPath));

        static void AssertSame(nn.Module model, IReadOnlyDictionary<string, Tensor> read)
        {
            Assert.Equal(model.state_dict().Keys.Order(), read.Keys.Order());
            Assert.All(NetworkWeights.Named(model), weight => Assert.Equal(weight.Value.dtype, read[weight.Key].dtype));
            Assert.All(NetworkWeights.Named(model), weight => TensorAssert.Equal(weight.Value.detach(), read[weight.Key]));
        }
    }

    [Fact]
    public void What_is_no_model_is_refused_and_the_file_that_stood_there_stays()
    {
        File.WriteAllText(ModelPath, "not a model");
        File.WriteAllText(OutputPath, "old");

        Assert.Contains(ModelPath, Assert.Throws<InvalidModelException>(() => Export()).Message);
        Assert.Equal("old", File.ReadAllText(OutputPath));
    }

    [FactWithPyTorch]
    public void PyTorch_computes_the_logits_of_an_exported_resnet_and_convnet()
    {
        AssertSameLogits(Photos);
        AssertSameLogits(new ClassifierOptions());
    }

    [FactWithPyTorch]
    public void What_PyTorch_saves_is_read_as_it_was()
    {
        using var scope = NewDisposeScope();
        Python.RunScript("save_state_dict.py", OutputPath, Folder.File("values.txt"));
        var read = StateDictFile.Read(OutputPath);
        var lines = File.ReadAllLines(Folder.File("values.txt"));

        Assert.Equal(lines.Select(line => line.Split(';')[0]), read.Keys);
        foreach (var (tensor, parts) in lines.Select(line => line.Split(';')).Select(parts => (read[parts[0]], parts)))
        {
            Assert.Equal(parts[1], string.Join(',', tensor.shape));
            Assert.Equal(Numbers(parts[2]), Numbers(tensor));
        }

        ScalarType[] expected = [ScalarType.Float16, ScalarType.BFloat16, ScalarType.Bool];
        Assert.Equal(expected, new[] { "half", "bfloat16", "bool" }.Select(name => read[name].dtype));
    }

    private static double[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    // TorchSharp copies no empty tensor.
    private static double[] Numbers(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.to(ScalarType.Float64).data<double>().ToArray();

    private void AssertSameLogits(ClassifierOptions network)
    {
        using var model = ImageClassifier.Create(network, seed: 2);
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        Export(model);
        var images = GoldenSample.DrawImages(model.Options);
        using (var stream = File.Create(Folder.File("images.bin")))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes($"{string.Join(' ', images.shape)}\n"));
            stream.Write(images.bytes);
        }

        Python.RunScript("run_classifier.py", OutputPath, Folder.File("images.bin"), Folder.File("logits.txt"));
        model.eval();
        var expected = model.forward(PixelBatch.ToNetworkInput(images)).to(ScalarType.Float64).data<double>().ToArray();
        var actual = Numbers(File.ReadAllText(Folder.File("logits.txt")));

        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    private void Export(ImageClassifier model)
    {
        SavedModels.Save(ModelPath, model);
        Export();
    }

    private ExportedModel Export() => ModelExport.Export(ModelPath, OutputPath);
}
