using PhotoMl.Export.Onnx;
using Google.Protobuf;

namespace PhotoMl.Tests.Export;

/// <summary>What is exported runs in ONNX Runtime and gives there what it gives here.</summary>
public sealed class OnnxExportTests : IDisposable
{
    private static readonly ClassifierOptions Photos = new()
    {
        Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = 32, Width = 40, Classes = 3,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public static TheoryData<ClassifierOptions> Networks =>
    [
        new ClassifierOptions(),
        new ClassifierOptions { Channels = 3, Height = 18, Width = 41, Classes = 2 },
        Photos,
        Photos with { Channels = 1, Height = 32, Width = 32 },
    ];

    public static TheoryData<DcganOptions> Generators =>
    [
        new DcganOptions(),
        new DcganOptions { Channels = 3, Height = 29, Width = 34, Latent = 7, Classes = 4 },
        new DcganOptions { Height = 64, Width = 31, Latent = 7 },
    ];

    private string ModelPath => _folder.File("model.safetensors");

    private string OutputPath => _folder.File("model.onnx");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_classifier_gives_its_logits_for_any_number_of_images(ClassifierOptions network)
    {
        using var model = Classifier(network);
        var exported = Export();
        using var session = new OnnxSession(OutputPath);

        using var random = new TorchSharp.torch.Generator(1, CPU); // some images have logits near zero
        Assert.Equal(["images"], session.InputNames);
        foreach (var count in new[] { 1, 3 })
        {
            var images = rand([count, network.Channels, network.Height, network.Width], generator: random);
            AssertClose(Logits(model, images), session.Run(images));
        }

        Assert.Equal((OutputPath, new FileInfo(OutputPath).Length), (exported.Path, exported.Bytes));
        Assert.Equal(
            $"images (N, {network.Channels}, {network.Height}, {network.Width}) of float32: in [0, 1]: pixel / 255",
            $"{Assert.Single(exported.Inputs)}");
        Assert.Equal($"logits (N, {network.Classes}) of float32: one a class", $"{exported.Output}");
    }

    [Fact]
    public void Probabilities_are_those_at_the_temperature_of_the_model()
    {
        using var model = Classifier(new ClassifierOptions(), temperature: 2.5);
        var exported = Export(probabilities: true);
        using var session = new OnnxSession(OutputPath);
        var images = rand(2, 1, 28, 28);

        Assert.Equal("probabilities", exported.Output.Name);
        AssertClose((Logits(model, images) / 2.5).softmax(1), session.Run(images));
    }

    [Theory]
    [MemberData(nameof(Generators))]
    public void A_generator_makes_its_images(DcganOptions network)
    {
        using var model = Generator(network);
        Export();
        using var session = new OnnxSession(OutputPath);
        var latents = randn(5, network.Latent);
        var labels = network.Classes > 0 ? tensor(new long[] { 3, 0, 1, 1, 2 }) : null;
        using var withoutGradients = no_grad();
        model.eval();

        Assert.Equal(labels is null ? ["latents"] : ["latents", "labels"], session.InputNames);
        AssertClose(model.Generate(latents, labels), labels is null ? session.Run(latents) : session.Run(latents, labels));
    }

    [Fact]
    public void A_generator_in_float16_is_half_as_large_and_makes_the_same_pictures()
    {
        using var model = Generator(new DcganOptions { Classes = 10 });
        var bytes = Export().Bytes;
        var halved = ModelExport.Export(ModelPath, OutputPath, new ExportOptions { Format = ExportFormat.Onnx, Float16 = true }).Bytes;
        using var session = new OnnxSession(OutputPath);
        var (latents, labels) = (randn(5, 100), tensor(new long[] { 3, 0, 1, 1, 2 }));
        using var withoutGradients = no_grad();
        model.eval();

        Assert.InRange((double)bytes / halved, 1.9, 2);
        Assert.InRange((model.Generate(latents, labels) - session.Run(latents, labels)).abs().max().item<float>(), 0, 1 / 255.0);
    }

    [Fact]
    public void The_file_holds_what_whoever_runs_it_must_know()
    {
        using var model = Classifier(new ClassifierOptions { Classes = 2 }, temperature: 2.5);
        Export();
        var bytes = File.ReadAllBytes(OutputPath);
        var file = ModelProto.Parser.ParseFrom(bytes);
        var metadata = file.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);

        Assert.Equal(("PhotoMl", 17), (file.ProducerName, Assert.Single(file.OpsetImport).Version));
        Assert.Equal("""["class 0","class 1"]""", metadata["class_names"]);
        Assert.Equal("2.5", metadata["temperature"]);
        Assert.Contains("\"fit\":\"stretch\"", metadata["preprocessing"], StringComparison.Ordinal);
        Assert.Equal(model.state_dict().Keys.Order(), file.Graph.Initializer.Select(weight => weight.Name).Order());
        Assert.Equal(Export().Bytes, new FileInfo(OutputPath).Length);
        Assert.Equal(bytes, File.ReadAllBytes(OutputPath)); // the same model, the same bytes
    }

    [Fact]
    public void A_graph_that_computes_something_else_is_refused()
    {
        using var model = Classifier(new ClassifierOptions());
        Export();
        var file = ModelProto.Parser.ParseFrom(File.ReadAllBytes(OutputPath));
        var images = rand(2, 1, 28, 28);
        var logits = Logits(model, images);
        ModelExporter.Prove(OutputPath, file, [images], logits);

        AssertRefused("what the model computes", graph => Fill(graph, "dense2.weight", 0));
        AssertRefused("what the model computes", graph => Fill(graph, "conv1.weight", 0xFF)); // NaN
        AssertRefused("a Relu of nothing, which is not", graph => graph.Node.First(node => node.OpType == "Relu").Input[0] = "nothing");
        AssertRefused("a Gelu", graph => graph.Node.First(node => node.OpType == "Relu").OpType = "Gelu");
        AssertRefused("logits as (2, 10)", graph => graph.Output[0].Type.TensorType.Shape.Dim[1].DimValue = 11);

        static void Fill(GraphProto graph, string name, byte value)
        {
            var weight = graph.Initializer.Single(weight => weight.Name == name);
            weight.RawData = ByteString.CopyFrom([.. Enumerable.Repeat(value, weight.RawData.Length)]);
        }

        void AssertRefused(string reason, Action<GraphProto> change)
        {
            var changed = file.Clone();
            change(changed.Graph);
            void Prove() => ModelExporter.Prove(OutputPath, changed, [images], logits);
            Assert.Contains(reason, Assert.Throws<InvalidModelException>(Prove).Message);
        }
    }

    [Fact]
    public void What_gives_no_probabilities_is_refused()
    {
        using var model = Generator(new DcganOptions());
        Assert.Throws<ArgumentException>(() => Export(probabilities: true));
        using var classifier = Classifier(new ClassifierOptions());
        Assert.Throws<ArgumentException>(() => ModelExport.Export(
            ModelPath, OutputPath, new ExportOptions { Format = ExportFormat.Pytorch, Probabilities = true }));
        Assert.False(File.Exists(OutputPath));
    }

    private static Tensor Logits(ImageClassifier model, Tensor images)
    {
        using var withoutGradients = no_grad();
        model.eval();
        return model.forward(images);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-4);
        Assert.True(expected.abs().max().item<float>() > 1e-2, "All values are nearly zero: they say nothing.");
    }

    private ImageClassifier Classifier(ClassifierOptions network, double temperature = 1)
    {
        var model = ImageClassifier.Create(network, seed: 3);
        var calibration = new CalibrationInfo { Temperature = temperature, Images = 4, ErrorBefore = 0.1, ErrorAfter = 0.1 };
        SavedModels.Save(ModelPath, model, calibration);
        return model;
    }

    private DcganGenerator Generator(DcganOptions network)
    {
        var model = Models.Generators.Create(network);
        GeneratorFile.Save(ModelPath, model, Models.Generators.Info(network));
        return model;
    }

    private ExportedModel Export(bool probabilities = false) =>
        ModelExport.Export(ModelPath, OutputPath, new ExportOptions { Format = ExportFormat.Onnx, Probabilities = probabilities });
}
