using System.Runtime.InteropServices;
using PhotoMl.Export.Onnx;
using DataType = PhotoMl.Export.Onnx.TensorProto.Types.DataType;

namespace PhotoMl.Export;

/// <summary>The graph of a classifier in int8: weights are rounded by a scale of each output channel, the tensors between layers by the
/// range that was measured.</summary>
/// <remarks>B. Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR 2018,
/// sections 2.1 and 2.4: x is about scale (q - zero point). Written as pairs of QuantizeLinear and DequantizeLinear, which a runtime joins
/// with the layer between them into one of integers. Weights take 7 bits: processors without VNNI add two products in 16 bits.</remarks>
internal sealed class QuantizedGraph
{
    private const int LargestWeight = 63;
    private const float LargestBias = 1 << 30;

    // What is computed in integers, and what of it only moves values, whose scale stays.
    private static readonly HashSet<string> Operators = ["Conv", "Gemm", "Add", "MaxPool", "Flatten", "GlobalAveragePool"];
    private static readonly HashSet<string> PassThrough = ["MaxPool", "Flatten"];

    private readonly Dictionary<string, TensorProto> _stored;
    private readonly Dictionary<string, (float Scale, byte Zero)> _quantized = [];
    private readonly GraphProto _graph;

    private QuantizedGraph(GraphProto graph)
    {
        _stored = graph.Initializer.ToDictionary(tensor => tensor.Name);
        _graph = new() { Name = graph.Name, Input = { graph.Input }, Output = { graph.Output } };
    }

    /// <summary>Names the tensors of which <see cref="Of"/> needs the range.</summary>
    public static IEnumerable<string> TensorsToCalibrate(GraphProto graph)
    {
        var taken = graph.Node.Where(node => Operators.Contains(node.OpType)).SelectMany(node => node.Input).ToHashSet();
        var computed = graph.Node.Where(node => !PassThrough.Contains(node.OpType)).Select(node => node.Output.Single());
        return graph.Input.Select(input => input.Name).Concat(computed).Where(taken.Contains);
    }

    /// <summary>Quantizes a graph of float32.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="ranges">The lowest and the highest value of each tensor of <see cref="TensorsToCalibrate"/>.</param>
    public static GraphProto Of(GraphProto graph, IReadOnlyDictionary<string, (double Low, double High)> ranges)
    {
        var result = new QuantizedGraph(graph);
        foreach (var input in graph.Input.Where(input => ranges.ContainsKey(input.Name)))
        {
            result.Quantize(input.Name, ParametersOf(ranges[input.Name]));
        }

        foreach (var node in graph.Node)
        {
            result.Add(node);
            var output = node.Output.Single();
            if (PassThrough.Contains(node.OpType))
            {
                result.Quantize(output, result._quantized[node.Input[0]]);
            }
            else if (ranges.TryGetValue(output, out var range))
            {
                result.Quantize(output, ParametersOf(range));
            }
        }

        return result._graph;
    }

    // Zero must be exact: it is what images are padded with.
    private static (float Scale, byte Zero) ParametersOf((double Low, double High) range)
    {
        var (low, high) = (Math.Min(0, range.Low), Math.Max(0, range.High));
        var scale = (float)((high - low) / byte.MaxValue) is > 0 and var step ? step : 1;
        return (scale, (byte)Math.Round(-low / scale));
    }

    private void Quantize(string tensor, (float Scale, byte Zero) parameters)
    {
        _quantized.Add(tensor, parameters);
        Store($"{tensor}_scale", DataType.Float, [], [parameters.Scale]);
        Store($"{tensor}_zero_point", DataType.Uint8, [], [parameters.Zero]);
        string[] by = [$"{tensor}_scale", $"{tensor}_zero_point"];
        Add("QuantizeLinear", $"{tensor}_quantized", [tensor, .. by]);
        Add("DequantizeLinear", $"{tensor}_dequantized", [$"{tensor}_quantized", .. by]);
    }

    private void Add(NodeProto node)
    {
        var isQuantized = Operators.Contains(node.OpType);
        var inputs = node.Input.Select(name => isQuantized && _quantized.ContainsKey(name) ? $"{name}_dequantized" : name).ToArray();
        if (node.OpType is "Conv" or "Gemm")
        {
            inputs = [inputs[0], .. QuantizeWeights(node, _quantized[node.Input[0]].Scale)];
        }

        _graph.Initializer.Add(inputs.Where(_stored.ContainsKey).Select(name => _stored[name]));
        var added = node.Clone();
        added.Input.Clear();
        added.Input.Add(inputs);
        _graph.Node.Add(added);
    }

    private string[] QuantizeWeights(NodeProto node, float inputScale)
    {
        var weight = _stored[node.Input[1]];
        var bias = _stored[node.Input[2]];
        var rows = ValuesOf(weight).Chunk((int)weight.Dims.Skip(1).Aggregate(1L, (size, dimension) => size * dimension)).ToArray();
        var scales = rows.Zip(ValuesOf(bias), (row, shift) => ScaleOf(row.Max(Math.Abs), Math.Abs(shift), inputScale)).ToArray();
        var values = rows.Zip(scales).SelectMany(row => Array.ConvertAll(row.First, value => (sbyte)Math.Round(value / row.Second)));
        Store($"{weight.Name}_quantized", DataType.Int8, weight.Dims, [.. values]);
        Store($"{weight.Name}_scale", DataType.Float, [rows.Length], scales);
        Store($"{weight.Name}_zero_point", DataType.Int8, [rows.Length], new sbyte[rows.Length]);
        string[] by = [$"{weight.Name}_scale", $"{weight.Name}_zero_point"];
        Add("DequantizeLinear", $"{weight.Name}_dequantized", [$"{weight.Name}_quantized", .. by], ("axis", 0L));

        // A bias is added to sums of products, so it has their scale.
        var biasScales = Array.ConvertAll(scales, scale => scale * inputScale);
        int[] sums = [.. ValuesOf(bias).Zip(biasScales, (value, scale) => (int)Math.Round((double)value / scale))];
        Store($"{bias.Name}_quantized", DataType.Int32, bias.Dims, sums);
        Store($"{bias.Name}_scale", DataType.Float, bias.Dims, biasScales);
        Add("DequantizeLinear", $"{bias.Name}_dequantized", [$"{bias.Name}_quantized", $"{bias.Name}_scale"], ("axis", 0L));
        return [$"{weight.Name}_dequantized", $"{bias.Name}_dequantized"];
    }

    // Coarser than the weights need where the bias would not fit into 32 bits; of a channel of zeros any that fits the bias.
    private static float ScaleOf(float weight, float bias, float inputScale)
    {
        var scale = Math.Max(weight / LargestWeight, bias / (inputScale * LargestBias));
        return scale > 0 ? scale : 1;
    }

    private static float[] ValuesOf(TensorProto stored) => MemoryMarshal.Cast<byte, float>(stored.RawData.Span).ToArray();

    private void Add(string operation, string output, IEnumerable<string> inputs, params (string, object)[] attributes) =>
        _graph.Node.Add(OnnxGraph.Node(operation, output, inputs, attributes));

    private void Store<T>(string name, DataType type, IEnumerable<long> shape, T[] values)
        where T : unmanaged => _graph.Initializer.Add(OnnxGraph.Stored(name, type, shape, values));
}
