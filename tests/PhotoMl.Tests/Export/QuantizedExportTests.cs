using Google.Protobuf;
using PhotoMl.Export.Onnx;
using DataType = PhotoMl.Export.Onnx.TensorProto.Types.DataType;
using Dimension = PhotoMl.Export.Onnx.TensorShapeProto.Types.Dimension;

namespace PhotoMl.Tests.Export;

/// <summary>A classifier in int8 is as good in ONNX Runtime as its export says, and rounded as by hand.</summary>
public sealed class QuantizedExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    private string OutputPath => _folder.File("model.onnx");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Weights_biases_and_inputs_are_rounded_as_by_hand()
    {
        var graph = Dense([0.63f, -0.1f, 0, 0], [0.001f, -5]);
        var rounded = QuantizedGraph.Of(graph, new Dictionary<string, (double, double)> { ["x"] = (-0.5, 2.05) });
        var stored = rounded.Initializer.ToDictionary(tensor => tensor.Name);

        // Of x the step is 2.55 / 255 and zero is 50; of the weights it is 0.63 / 63, of the zeros 5 / 0.01 / 2^30.
        Assert.Equal((0.01f, 50), (Floats("x_scale")[0], stored["x_zero_point"].RawData[0]));
        Assert.Equal([63, -10, 0, 0], stored["weight_quantized"].RawData.Select(value => (sbyte)value));
        Assert.Equal([0.01f, 500f / (1 << 30)], Floats("weight_scale"), (one, other) => Math.Abs(one - other) < 1e-9);
        Assert.Equal([10, -(1 << 30)], MemoryMarshal.Cast<byte, int>(stored["bias_quantized"].RawData.Span).ToArray());
        Assert.Equal([DataType.Uint8, DataType.Int8, DataType.Int32], new[] { "x_zero_point", "weight_quantized", "bias_quantized" }
            .Select(name => stored[name].DataType));

        // 1.234 is 123 steps, 9 is cut off at 205, -9 at -50: (63 * 123 - 10 * -50 + 10) / 10,000 and -5.
        var output = OnnxEvaluator.Run(rounded, [tensor(new[] { 1.234f, -9, 9, 0, 1.234f, 0 }, [3, 2])]);
        var expected = new[] { ((63 * 123) + 500 + 10) / 1e4, -5, ((63 * 205) + 10) / 1e4, -5, ((63 * 123) + 10) / 1e4, -5 };
        Assert.Equal(expected, output.data<double>().ToArray(), (one, other) => Math.Abs(one - other) < 1e-6);

        float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(stored[name].RawData.Span).ToArray();
    }

    [Fact]
    public void A_trained_classifier_costs_in_ONNX_Runtime_what_the_export_says()
    {
        var options = new ClassifierRunOptions { Training = defaults => defaults with { Epochs = 2, BatchSize = 32 } };
        AssertHolds(IdxFolder.Write(_folder.File("data")), options, most: 0.1);
    }

    [FactWithMnist(slow: true)]
    public void MNIST_costs_at_most_a_tenth_of_a_point() => AssertHolds(
        "mnist", new ClassifierRunOptions { Training = defaults => defaults with { Epochs = 1 } }, most: 0.001);

    [FactWithFashionMnist]
    public void Fashion_MNIST_costs_at_most_half_a_point() => AssertHolds(
        "fashion-mnist", new ClassifierRunOptions { Training = defaults => defaults with { Epochs = 1 } }, most: 0.005);

    [FactWithClothing]
    public void Photos_of_clothing_cost_at_most_a_point() => AssertHolds(
        FactWithClothingAttribute.Folder!,
        new ClassifierRunOptions
        {
            Loading = new DatasetLoadOptions { ImageSize = 64 }, Training = defaults => defaults with { Epochs = 8 },
        },
        most: 0.01);

    [Theory]
    [InlineData(64L * 64 * 64, 64, 65)] // 64 would be a column
    [InlineData(64L * 80 * 80, 80, 101)]
    [InlineData(100, 10, 1)]
    public void Values_are_taken_from_all_columns(long values, long width, long step) =>
        Assert.Equal(step, Quantizer.StepOf(values, width));

    [Fact]
    public void Photos_that_are_not_divided_are_calibrated_on_one_half_and_evaluated_on_the_other()
    {
        using var model = ImageClassifier.Create(new ClassifierOptions { Channels = 3, Height = 28, Width = 28, Classes = 2 }, seed: 3);
        SavedModels.Save(_folder.File("model.safetensors"), model, names: ["a", "b"]);
        foreach (var name in (string[])["a", "b"])
        {
            for (var i = 0; i < 5; i++)
            {
                var gray = (byte)(name == "a" ? 20 * i : 255 - (20 * i));
                _folder.Write($"photos/{name}/{i}.png", ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 40, 40, (_, _) => gray));
            }
        }

        using var classifier = Classifier.Load(_folder.File("model.safetensors"));
        var exported = classifier.Export(OutputPath, new ExportOptions { Int8 = true, Data = _folder.File("photos") });
        Assert.Equal(5, exported.Cost!.Images);
    }

    [Fact]
    public void What_computes_nothing_in_int8_is_refused()
    {
        using var model = ImageClassifier.Create(new ClassifierOptions(), seed: 3);
        SavedModels.Save(_folder.File("model.safetensors"), model);
        var options = new ExportOptions { Format = ExportFormat.Pytorch, Int8 = true };
        Assert.Throws<ArgumentException>(() => ModelExport.Export(_folder.File("model.safetensors"), OutputPath, options));
        Assert.False(File.Exists(OutputPath));
    }

    // A layer of two inputs and outputs.
    private static GraphProto Dense(float[] weight, float[] bias)
    {
        var graph = new GraphProto
        {
            Input = { Declare("x") },
            Output = { Declare("y") },
            Node = { new NodeProto { OpType = "Gemm", Name = "y", Input = { "x", "weight", "bias" }, Output = { "y" } } },
            Initializer = { Store("weight", weight, 2, 2), Store("bias", bias, 2) },
        };
        graph.Node[0].Attribute.Add(new AttributeProto { Name = "transB", I = 1, Type = AttributeProto.Types.AttributeType.Int });
        return graph;
    }

    private static TensorProto Store(string name, float[] values, params long[] shape) => new()
    {
        Name = name, DataType = DataType.Float, Dims = { shape }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
    };

    private static ValueInfoProto Declare(string name) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = DataType.Float,
                Shape = new TensorShapeProto { Dim = { new Dimension { DimParam = "N" }, new Dimension { DimValue = 2 } } },
            },
        },
    };

    private void AssertHolds(string data, ClassifierRunOptions options, double most)
    {
        using var run = ClassifierRun.Start(data, _folder.File("run"), options);
        run.Train();
        using var classifier = Classifier.Load(_folder.File("run"));
        var float32 = classifier.Export(_folder.File("float32.onnx"));
        var int8 = classifier.Export(OutputPath, new ExportOptions { Int8 = true, Loading = options.Loading });
        using var session = new OnnxSession(OutputPath);
        using var loaded = DatasetLoader.Load(data, options.Loading);
        var images = loaded.IsPhotos ? loaded.Validation! : loaded.Test;
        var (right, same) = (0L, 0L);
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(OutputPath)).Graph;
        for (var start = 0; start < images.Count; start += 64)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(64, images.Count - start);
            var batch = images.Take(start, count).to(ScalarType.Float32).div(255);
            var predicted = session.Run(batch).argmax(1);
            right += predicted.eq(images.Labels.narrow(0, start, count)).sum().item<long>();
            same += predicted.eq(OnnxEvaluator.Run(graph, [batch]).argmax(1)).sum().item<long>();
        }

        // ONNX Runtime rounds in float32: one image in a few hundred may lie between two classes.
        Assert.InRange(same, images.Count - (images.Count / 300), images.Count);
        Assert.InRange(int8.Cost!.Int8Accuracy * images.Count, right - (images.Count - same), right + (images.Count - same));
        Assert.InRange(int8.Cost.Float32Accuracy - int8.Cost.Int8Accuracy, -1, most);
        Assert.InRange((double)float32.Bytes / int8.Bytes, 3.5, 4);
    }
}
