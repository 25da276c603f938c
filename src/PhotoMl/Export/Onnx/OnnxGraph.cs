using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using PhotoMl.Export.Onnx;
using PhotoMl.Models;
using DataType = PhotoMl.Export.Onnx.TensorProto.Types.DataType;
using Kind = PhotoMl.Export.Onnx.AttributeProto.Types.AttributeType;

namespace PhotoMl.Export;

/// <summary>Builds the graph of a network: nodes in the order they run in, and the weights they use under the names the network has them
/// by; in float16 weights are stored so, and computed with in float32.</summary>
/// <remarks>Operators: the ONNX operator set of version 17 (onnx/docs/Operators.md).</remarks>
internal sealed class OnnxGraph(nn.Module network, ExportedModel exported, bool float16 = false)
{
    private const int OperatorSet = 17;
    private const int IntermediateRepresentation = 8; // the newest that opset 17 came with, ONNX 1.12

    private readonly GraphProto _graph = new()
    {
        Name = network.GetName(), Input = { exported.Inputs.Select(Declare) }, Output = { Declare(exported.Output) },
    };

    private readonly Dictionary<string, Tensor> _weights = NetworkWeights.Named(network).ToDictionary();
    private readonly Dictionary<string, Layer> _layers = network.named_modules().Where(entry => entry.module is Layer)
        .ToDictionary(entry => entry.name, entry => (Layer)entry.module);

    public bool Has(string layer) => _layers.ContainsKey(layer);

    public static NodeProto Node(
        string operation, string output, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        var proto = attributes.Select(attribute => attribute.Value switch
        {
            float value => new AttributeProto { Name = attribute.Name, Type = Kind.Float, F = value },
            long value => new AttributeProto { Name = attribute.Name, Type = Kind.Int, I = value },
            var values => new AttributeProto { Name = attribute.Name, Type = Kind.Ints, Ints = { (long[])values } },
        });
        return new() { OpType = operation, Name = output, Input = { inputs }, Output = { output }, Attribute = { proto } };
    }

    public static TensorProto Stored<T>(string name, DataType type, IEnumerable<long> shape, T[] values)
        where T : unmanaged => new()
        {
            Name = name, DataType = type, Dims = { shape }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values)),
        };

    public string Add(string operation, string output, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        _graph.Node.Add(Node(operation, output, inputs, attributes));
        return output;
    }

    public string Relu(string name, string input) => Add("Relu", name, [input]);

    public string Flatten(string input) => Add("Flatten", "flatten", [input], ("axis", 1L));

    public string Pool(string name, string input, long size, long padding) =>
        Add("MaxPool", name, [input], [("kernel_shape", new[] { size, size }), .. Steps(stride: 2, padding)]);

    public string Convolve(string layer, string input) =>
        Add("Conv", layer, [input, .. Weights(layer, "weight", "bias")], Steps(_layers[layer].Spec.Stride, _layers[layer].Spec.Padding));

    /// <summary>Adds a convolution together with the batch norm behind it, which only scales and shifts its outputs.</summary>
    public string ConvolveNormalized(string layer, string norm, string input, double epsilon)
    {
        using var scope = NewDisposeScope();
        var factor = Of("weight") / (Of("running_var") + epsilon).sqrt();
        var weight = _weights[$"{layer}.weight"].to(ScalarType.Float64) * factor.view(-1, 1, 1, 1);
        var bias = Of("bias") - (Of("running_mean") * factor);
        string[] folded = [Fold("weight", weight), Fold("bias", bias)];
        return Add("Conv", layer, [input, .. folded], Steps(_layers[layer].Spec.Stride, _layers[layer].Spec.Padding));

        Tensor Of(string part) => _weights[$"{norm}.{part}"].to(ScalarType.Float64);

        string Fold(string part, Tensor values) =>
            Constant($"{layer}.{part}", values.shape, values.to(ScalarType.Float32).data<float>().ToArray());
    }

    // With windows of 5 and a padding of 2, stride 2 gives 2n - 1 pixels: even sizes need one more at the end.
    public string Enlarge(string layer, string input, (int Height, int Width) size)
    {
        var (stride, padding) = (_layers[layer].Spec.Stride, _layers[layer].Spec.Padding);
        var extra = new long[] { (size.Height - 1) % stride, (size.Width - 1) % stride };
        return Add("ConvTranspose", layer, [input, .. Weights(layer, "weight")], [.. Steps(stride, padding), ("output_padding", extra)]);
    }

    public string Normalize(string layer, string input, float epsilon) => Add(
        "BatchNormalization", layer, [input, .. Weights(layer, "weight", "bias", "running_mean", "running_var")], ("epsilon", epsilon));

    public string Connect(string layer, string input, string output) =>
        Add("Gemm", output, [input, .. Weights(layer, "weight", "bias")], ("transB", 1L));

    public string Constant(string name, long[] shape, params float[] values) => Add(Stored(name, DataType.Float, shape, values));

    public string Constant(string name, long[] shape, params long[] values) => Add(Stored(name, DataType.Int64, shape, values));

    public ModelProto ToModel(string description, IReadOnlyList<string> classNames, params (string Key, string Value)[] metadata) => new()
    {
        IrVersion = IntermediateRepresentation,
        ProducerName = nameof(PhotoMl),
        ProducerVersion = typeof(OnnxGraph).Assembly.GetName().Version!.ToString(3),
        DocString = $"{description}. {string.Join("; ", exported.Inputs.Append(exported.Output))}",
        Graph = _graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
        MetadataProps =
        {
            metadata.Prepend(("class_names", JsonSerializer.Serialize(classNames, PhotoMlJson.Line)))
                .Select(entry => new StringStringEntryProto { Key = entry.Item1, Value = entry.Item2 }),
        },
    };

    private static ValueInfoProto Declare(ExportedTensor tensor) => new()
    {
        Name = tensor.Name,
        DocString = tensor.Meaning,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = tensor.Dtype == "int64" ? DataType.Int64 : DataType.Float,
                Shape = new TensorShapeProto { Dim = { tensor.Shape.Select(Dimension) } },
            },
        },
    };

    private static TensorShapeProto.Types.Dimension Dimension(long size) =>
        size == ExportedTensor.AnySize ? new() { DimParam = "N" } : new() { DimValue = size };

    private static (string, object)[] Steps(long stride, long padding) =>
        [("strides", new[] { stride, stride }), ("pads", new[] { padding, padding, padding, padding })];

    private IEnumerable<string> Weights(string layer, params string[] parts) =>
        parts.Select(part => $"{layer}.{part}").Where(_weights.ContainsKey).Select(AddWeight);

    private string AddWeight(string name)
    {
        using var weight = _weights[name].detach().cpu().contiguous();
        var values = weight.data<float>().ToArray();
        if (!float16 || weight.dim() <= 1)
        {
            return Constant(name, weight.shape, values);
        }

        var halves = Stored($"{name}_float16", DataType.Float16, weight.shape, Array.ConvertAll(values, value => (Half)value));
        return Add("Cast", name, [Add(halves)], ("to", (long)DataType.Float));
    }

    private string Add(TensorProto stored)
    {
        _graph.Initializer.Add(stored);
        return stored.Name;
    }
}
