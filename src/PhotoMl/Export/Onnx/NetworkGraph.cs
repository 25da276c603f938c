using System.Text.Json;
using PhotoMl.Export.Onnx;
using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>The networks as graphs of ONNX.</summary>
internal static class NetworkGraph
{
    private const string Logits = "logits";

    public static ModelProto Of(ImageClassifier model, ClassifierInfo info, ExportedModel exported, bool probabilities)
    {
        var graph = new OnnxGraph(model, exported);
        var images = exported.Inputs[0].Name;
        _ = model is ConvClassifier ? AddConvnet(graph, images) : AddResNet(graph, images, model.Options.Channels);
        if (probabilities)
        {
            var divided = graph.Add("Div", "tempered", [Logits, graph.Constant("temperature", [], (float)info.Temperature)]);
            graph.Add("Softmax", exported.Output.Name, [divided], ("axis", 1L));
        }

        return graph.ToModel(
            $"Classifier of {info.ClassNames.Count} classes",
            info.ClassNames,
            ("preprocessing", JsonSerializer.Serialize(info.Preprocessing, PhotoMlJson.Line)),
            ("temperature", JsonSerializer.Serialize(info.Temperature, PhotoMlJson.Line)));
    }

    public static ModelProto Of(DcganGenerator model, GeneratorInfo info, ExportedModel exported, bool float16)
    {
        var network = model.Options;
        var (quarter, half) = network.Scales;
        var graph = new OnnxGraph(model, exported, float16);
        var x = exported.Inputs[0].Name;
        if (network.Classes > 0)
        {
            var (depth, values) = (graph.Constant("depth", [], (long)network.Classes), graph.Constant("off_on", [2], 0f, 1f));
            var classes = graph.Add("OneHot", "classes", [exported.Inputs[1].Name, depth, values], ("axis", -1L));
            x = graph.Add("Concat", "input", [x, classes], ("axis", 1L));
        }

        x = NormalizedLeaky(graph.Connect("dense", x, "dense"), 1);
        var shape = graph.Constant("rows_shape", [4], -1L, quarter.Height, quarter.Width, DcganGenerator.WideChannels);
        x = graph.Add("Transpose", "maps", [graph.Add("Reshape", "rows", [x, shape])], ("perm", new long[] { 0, 3, 1, 2 }));
        x = NormalizedLeaky(graph.Enlarge("conv1", x, quarter), 2);
        x = NormalizedLeaky(graph.Enlarge("conv2", x, half), 3);
        graph.Add("Tanh", exported.Output.Name, [graph.Enlarge("conv3", x, (network.Height, network.Width))]);
        return graph.ToModel("Generator of images", info.ClassNames);

        string NormalizedLeaky(string input, int number)
        {
            var normalized = graph.Normalize($"norm{number}", input, (float)DcganGenerator.Epsilon);
            return graph.Add("LeakyRelu", $"leaky{number}", [normalized], ("alpha", (float)DcganGenerator.Slope));
        }
    }

    private static string AddConvnet(OnnxGraph graph, string images)
    {
        var x = graph.Pool("pool1", graph.Relu("relu1", graph.Convolve("conv1", images)), size: 2, padding: 0);
        x = graph.Pool("pool2", graph.Relu("relu2", graph.Convolve("conv2", x)), size: 2, padding: 0);
        x = graph.Flatten(graph.Relu("relu3", graph.Convolve("conv3", x)));
        return graph.Connect("dense2", graph.Relu("relu4", graph.Connect("dense1", x, "dense1")), Logits);
    }

    private static string AddResNet(OnnxGraph graph, string images, int channels)
    {
        var (mean, deviation) = ResNet18Classifier.StandardizationOf(channels);
        long[] shape = [1, mean.Length, 1, 1];
        var x = graph.Add("Sub", "centered", [images, graph.Constant("mean", shape, mean)]);
        x = graph.Add("Div", "standardized", [x, graph.Constant("deviation", shape, deviation)]);
        x = graph.Pool("maxpool", graph.Relu("relu", NormalizedConvolution(x, "conv1", "bn1")), size: 3, padding: 1);
        foreach (var layer in ResNet18Classifier.StageNames.Skip(1))
        {
            x = AddBlock(AddBlock(x, $"{layer}.0"), $"{layer}.1");
        }

        return graph.Connect("fc", graph.Flatten(graph.Add("GlobalAveragePool", "avgpool", [x])), Logits);

        string AddBlock(string input, string block)
        {
            var x = graph.Relu($"{block}.relu1", NormalizedConvolution(input, $"{block}.conv1", $"{block}.bn1"));
            x = NormalizedConvolution(x, $"{block}.conv2", $"{block}.bn2");
            var shortcut = graph.Has($"{block}.downsample.0")
                ? NormalizedConvolution(input, $"{block}.downsample.0", $"{block}.downsample.1")
                : input;
            return graph.Relu($"{block}.relu2", graph.Add("Add", $"{block}.sum", [x, shortcut]));
        }

        string NormalizedConvolution(string input, string convolution, string norm) =>
            graph.ConvolveNormalized(convolution, norm, input, ResNet18Classifier.Epsilon);
    }
}
