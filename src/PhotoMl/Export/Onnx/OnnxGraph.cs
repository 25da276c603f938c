using PhotoMl.Export.Onnx;
using System.Runtime.InteropServices;
using Google.Protobuf;
using static TorchSharp.torch;

namespace PhotoMl.Export;

/// <summary>Builds the graph of a network: nodes in the order they run in, and the weights they use under the names the network has them
/// by.</summary>
/// <remarks>Operators: the ONNX operator set of version 17 (onnx/docs/Operators.md).</remarks>
internal sealed class OnnxGraph
{
    public const int OperatorSet = 17;

    private const int IntermediateRepresentation = 8; // the newest that opset 17 came with, ONNX 1.12
    private const string FreeSize = "N";

    private readonly GraphProto _graph;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly HashSet<string> _initialized = [];

    public OnnxGraph(string name, ModelInterface model, IEnumerable<KeyValuePair<string, Tensor>> weights)
    {
        _graph = new GraphProto { Name = name, Input = { model.Inputs.Select(Declare) }, Output = { Declare(model.Output) } };
        _weights = new Dictionary<string, Tensor>(weights);
    }

    public string Add(string operation, string output, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        _graph.Node.Add(new NodeProto { OpType = operation, Name = output, Input = { inputs }, Output = { output }, Attribute = { attributes } });
        return output;
    }

    public string Convolve(string layer, string input, int stride = 1, int padding = 0) => Add(
        "Conv", layer, [input, .. Weights(layer, "weight", "bias")], OnnxAttribute.Of("strides", [stride, stride]), OnnxAttribute.Of("pads", [padding, padding, padding, padding]));

    public string Normalize(string layer, string input, float epsilon) =>
        Add("BatchNormalization", layer, [input, .. Weights(layer, "weight", "bias", "running_mean", "running_var")], OnnxAttribute.Of("epsilon", epsilon));

    public string Connect(string layer, string input, string output) => Add("Gemm", output, [input, .. Weights(layer, "weight", "bias")], OnnxAttribute.Of("transB", 1L));

    public IEnumerable<string> Weights(string layer, params string[] parts)
    {
        foreach (var name in parts.Select(part => $"{layer}.{part}").Where(_weights.ContainsKey))
        {
            if (_initialized.Add(name))
            {
                using var values = _weights[name].detach().cpu().contiguous();
                Write(name, TensorProto.Types.DataType.Float, values.shape, MemoryMarshal.AsBytes<float>(values.data<float>().ToArray()));
            }

            yield return name;
        }
    }

    public string Constant(string name, long[] shape, params float[] values) => Write(name, TensorProto.Types.DataType.Float, shape, MemoryMarshal.AsBytes<float>(values));

    public string Constant(string name, long[] shape, params long[] values) => Write(name, TensorProto.Types.DataType.Int64, shape, MemoryMarshal.AsBytes<long>(values));

    public ModelProto ToModel(string description, params (string Key, string Value)[] metadata) => new()
    {
        IrVersion = IntermediateRepresentation,
        ProducerName = nameof(PhotoMl),
        ProducerVersion = typeof(OnnxGraph).Assembly.GetName().Version!.ToString(3),
        DocString = description,
        Graph = _graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
        MetadataProps = { metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }) },
    };

    private static ValueInfoProto Declare(ExportedTensor tensor) => new()
    {
        Name = tensor.Name,
        DocString = tensor.Meaning,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = tensor.Dtype == "int64" ? TensorProto.Types.DataType.Int64 : TensorProto.Types.DataType.Float,
                Shape = new TensorShapeProto { Dim = { tensor.Shape.Select(Dimension) } },
            },
        },
    };

    private static TensorShapeProto.Types.Dimension Dimension(long size) =>
        size == ExportedTensor.AnySize ? new TensorShapeProto.Types.Dimension { DimParam = FreeSize } : new TensorShapeProto.Types.Dimension { DimValue = size };

    private string Write(string name, TensorProto.Types.DataType type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        _graph.Initializer.Add(new TensorProto { Name = name, DataType = type, Dims = { shape }, RawData = ByteString.CopyFrom(bytes) });
        return name;
    }
}
