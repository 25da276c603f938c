using PhotoMl.Export.Onnx;
using System.Text.Json;
using PhotoMl.IO;
using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>The classifiers as graphs of ONNX.</summary>
internal static class ClassifierGraph
{
    public static ModelProto Build(ImageClassifier model, ClassifierInfo info, ModelInterface tensors, bool probabilities)
    {
        var graph = new OnnxGraph(model.GetName(), tensors, NetworkWeights.Named(model));
        var images = tensors.Inputs[0].Name;
        const string Logits = "logits";
        _ = model switch
        {
            ConvClassifier => AddConvnet(graph, images, Logits),
            ResNet18Classifier => AddResNet(graph, images, Logits, model.Options.Channels),
            _ => throw new ArgumentException($"Expected a known network but got a {model.GetName()}.", nameof(model)),
        };
        if (probabilities)
        {
            var divided = graph.Add("Div", "tempered", [Logits, graph.Constant("temperature", [], (float)info.Temperature)]);
            graph.Add("Softmax", tensors.Output.Name, [divided], OnnxAttribute.Of("axis", 1L));
        }

        return graph.ToModel(
            $"Classifier of {info.ClassNames.Count} classes. {string.Join("; ", tensors.Inputs.Append(tensors.Output))}",
            ("class_names", JsonSerializer.Serialize(info.ClassNames, PhotoMlJson.Line)),
            ("preprocessing", JsonSerializer.Serialize(info.Preprocessing, PhotoMlJson.Line)),
            ("temperature", JsonSerializer.Serialize(info.Temperature, PhotoMlJson.Line)));
    }

    private static string AddConvnet(OnnxGraph graph, string images, string logits)
    {
        var x = images;
        for (var number = 1; number <= 2; number++)
        {
            x = graph.Add("Relu", $"relu{number}", [graph.Convolve($"conv{number}", x)]);
            x = graph.Add("MaxPool", $"pool{number}", [x], OnnxAttribute.Of("kernel_shape", [2, 2]), OnnxAttribute.Of("strides", [2, 2]), OnnxAttribute.Of("pads", [0, 0, 0, 0]));
        }

        x = graph.Add("Relu", "relu3", [graph.Convolve("conv3", x)]);
        x = graph.Add("Flatten", "flatten", [x], OnnxAttribute.Of("axis", 1L));
        x = graph.Add("Relu", "relu4", [graph.Connect("dense1", x, "dense1")]);
        return graph.Connect("dense2", x, logits);
    }

    private static string AddResNet(OnnxGraph graph, string images, string logits, int channels)
    {
        var (mean, deviation) = ResNet18Classifier.StandardizationOf(channels);
        long[] shape = [1, mean.Length, 1, 1];
        var x = graph.Add("Sub", "centered", [images, graph.Constant("mean", shape, mean)]);
        x = graph.Add("Div", "standardized", [x, graph.Constant("deviation", shape, deviation)]);
        x = graph.Add("Relu", "relu", [NormalizedConvolution(graph, x, "conv1", "bn1", 2, 3)]);
        x = graph.Add("MaxPool", "maxpool", [x], OnnxAttribute.Of("kernel_shape", [3, 3]), OnnxAttribute.Of("strides", [2, 2]), OnnxAttribute.Of("pads", [1, 1, 1, 1]));
        foreach (var layer in ResNet18Classifier.StageNames.Skip(1))
        {
            x = AddBlock(graph, x, $"{layer}.0", layer == ResNet18Classifier.StageNames[1] ? 1 : 2);
            x = AddBlock(graph, x, $"{layer}.1", 1);
        }

        x = graph.Add("Flatten", "flatten", [graph.Add("GlobalAveragePool", "avgpool", [x])], OnnxAttribute.Of("axis", 1L));
        return graph.Connect("fc", x, logits);
    }

    private static string AddBlock(OnnxGraph graph, string input, string block, int stride)
    {
        var x = graph.Add("Relu", $"{block}.relu1", [NormalizedConvolution(graph, input, $"{block}.conv1", $"{block}.bn1", stride, 1)]);
        x = NormalizedConvolution(graph, x, $"{block}.conv2", $"{block}.bn2", 1, 1);
        var shortcut = stride == 1 ? input : NormalizedConvolution(graph, input, $"{block}.downsample.0", $"{block}.downsample.1", stride, 0);
        return graph.Add("Relu", $"{block}.relu2", [graph.Add("Add", $"{block}.sum", [x, shortcut])]);
    }

    private static string NormalizedConvolution(OnnxGraph graph, string input, string convolution, string norm, int stride, int padding) =>
        graph.Normalize(norm, graph.Convolve(convolution, input, stride, padding), (float)ResNetLayers.Epsilon);
}
