using PhotoMl.Export.Onnx;
using System.Text.Json;
using PhotoMl.IO;
using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>The generator as a graph of ONNX.</summary>
internal static class GeneratorGraph
{
    public static ModelProto Build(DcganGenerator model, GeneratorInfo info, ModelInterface tensors)
    {
        var network = model.Options;
        var (quarter, half) = network.Scales;
        var graph = new OnnxGraph(model.GetName(), tensors, NetworkWeights.Named(model));
        var x = tensors.Inputs[0].Name;
        if (network.Classes > 0)
        {
            var classes = graph.Add(
                "OneHot", "classes", [tensors.Inputs[1].Name, graph.Constant("depth", [], (long)network.Classes), graph.Constant("off_on", [2], 0f, 1f)], OnnxAttribute.Of("axis", -1L));
            x = graph.Add("Concat", "input", [x, classes], OnnxAttribute.Of("axis", 1L));
        }

        x = NormalizedLeaky(graph, graph.Connect("dense", x, "dense"), 1);
        x = graph.Add("Reshape", "rows", [x, graph.Constant("rows_shape", [4], -1L, quarter.Height, quarter.Width, DcganGenerator.WideChannels)]);
        x = graph.Add("Transpose", "maps", [x], OnnxAttribute.Of("perm", [0, 3, 1, 2]));
        x = NormalizedLeaky(graph, Enlarge(graph, x, 1, quarter), 2);
        x = NormalizedLeaky(graph, Enlarge(graph, x, 2, half), 3);
        x = Enlarge(graph, x, 3, (network.Height, network.Width));
        graph.Add("Tanh", tensors.Output.Name, [x]);
        return graph.ToModel(
            $"Generator of images. {string.Join("; ", tensors.Inputs.Append(tensors.Output))}", ("class_names", JsonSerializer.Serialize(info.ClassNames, PhotoMlJson.Line)));
    }

    private static string NormalizedLeaky(OnnxGraph graph, string input, int number) => graph.Add(
        "LeakyRelu", $"leaky{number}", [graph.Normalize($"norm{number}", input, (float)DcganGenerator.Epsilon)], OnnxAttribute.Of("alpha", (float)DcganGenerator.Slope));

    // With windows of 5 and a padding of 2, stride 2 gives 2n - 1 pixels: even sizes need one more at the end.
    private static string Enlarge(OnnxGraph graph, string input, int number, (int Height, int Width) size)
    {
        var stride = number == 1 ? 1 : 2;
        return graph.Add(
            "ConvTranspose",
            $"conv{number}",
            [input, .. graph.Weights($"conv{number}", "weight")],
            OnnxAttribute.Of("strides", [stride, stride]),
            OnnxAttribute.Of("pads", [2, 2, 2, 2]),
            OnnxAttribute.Of("output_padding", [(size.Height - 1) % stride, (size.Width - 1) % stride]));
    }
}
