using PhotoMl.Export.Onnx;
using System.Runtime.InteropServices;

namespace PhotoMl.Export;

/// <summary>Computes a graph node by node, as its file says it and not as the network it came from; in float64, which libtorch computes
/// right on every processor.</summary>
/// <remarks>It knows the operators that <see cref="NetworkGraph"/> and <see cref="QuantizedGraph"/> use; the attributes that they leave out
/// have ONNX's defaults.</remarks>
internal static class OnnxEvaluator
{
    /// <summary>Computes the output.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">Its inputs, float32 or int64.</param>
    /// <param name="observe">Is given each input and each tensor that is computed, with its name.</param>
    public static Tensor Run(GraphProto graph, IReadOnlyList<Tensor> inputs, Action<string, Tensor>? observe = null)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var values = graph.Initializer.ToDictionary(tensor => tensor.Name, Read);
        foreach (var (declared, input) in graph.Input.Zip(inputs))
        {
            Check(declared, input, ScalarType.Float32);
            values.Add(declared.Name, ToFloat64(input));
            observe?.Invoke(declared.Name, values[declared.Name]);
        }

        foreach (var node in graph.Node)
        {
            var arguments = node.Input.Select(name => values.GetValueOrDefault(name)
                ?? throw new InvalidDataException($"a {node.OpType} of {name}, which is not there"));
            values.Add(node.Output.Single(), Compute(node, [.. arguments]));
            observe?.Invoke(node.Output.Single(), values[node.Output.Single()]);
        }

        var output = graph.Output.Single();
        Check(output, values[output.Name], ScalarType.Float64);
        return values[output.Name].MoveToOuterDisposeScope();
    }

    private static Tensor Compute(NodeProto node, List<Tensor> x) => node.OpType switch
    {
        "Add" => x[0].add(x[1]),
        "Sub" => x[0].sub(x[1]),
        "Div" => x[0].div(x[1]),
        "Relu" => x[0].relu(),
        "Tanh" => x[0].tanh(),
        "LeakyRelu" => nn.functional.leaky_relu(x[0], Attribute(node, "alpha").F),
        "QuantizeLinear" => x[0].div(x[1]).round().add(x[2]).clamp(byte.MinValue, byte.MaxValue),
        "DequantizeLinear" => Dequantize(node, x[0], x[1], x.ElementAtOrDefault(2)),
        "Cast" => ToFloat64(x[0]),
        "Softmax" => x[0].softmax(Attribute(node, "axis").I),
        "Flatten" => x[0].flatten(Attribute(node, "axis").I),
        "Gemm" => nn.functional.linear(x[0], Attribute(node, "transB").I == 1 ? x[1] : x[1].t(), x.ElementAtOrDefault(2)),
        "BatchNormalization" =>
            nn.functional.batch_norm(x[0], x[3], x[4], x[1], x[2], training: false, eps: Attribute(node, "epsilon").F),
        "Conv" => nn.functional.conv2d(x[0], x[1], x.ElementAtOrDefault(2), Sizes(node, "strides"), Padding(node)),
        "ConvTranspose" => nn.functional.conv_transpose2d(
            x[0], x[1], x.ElementAtOrDefault(2), Sizes(node, "strides"), Padding(node), Sizes(node, "output_padding")),
        "MaxPool" => nn.functional.max_pool2d(x[0], Sizes(node, "kernel_shape"), Sizes(node, "strides"), Padding(node)),
        "GlobalAveragePool" => x[0].mean([2L, 3L], keepdim: true),
        "Reshape" => x[0].reshape(x[1].data<long>().ToArray()),
        "Transpose" => x[0].permute(Sizes(node, "perm")),
        "Concat" => cat(x, Attribute(node, "axis").I),
        "OneHot" => where(nn.functional.one_hot(x[0], x[1].item<long>()).to(ScalarType.Bool), x[2][1], x[2][0]),
        _ => throw new InvalidDataException($"a {node.OpType}"),
    };

    // A scale of each channel runs along an axis.
    private static Tensor Dequantize(NodeProto node, Tensor values, Tensor scale, Tensor? zero)
    {
        if (scale.dim() == 1)
        {
            long[] shape = [.. Enumerable.Repeat(1L, (int)values.dim())];
            shape[Attribute(node, "axis").I] = -1;
            (scale, zero) = (scale.view(shape), zero?.view(shape));
        }

        return (zero is null ? values : values.sub(zero)).mul(scale);
    }

    private static AttributeProto Attribute(NodeProto node, string name) => node.Attribute.FirstOrDefault(entry => entry.Name == name)
        ?? throw new InvalidDataException($"a {node.OpType} without {name}");

    private static long[] Sizes(NodeProto node, string name) => [.. Attribute(node, name).Ints];

    // First the rows and columns before an image, then those behind it.
    private static long[] Padding(NodeProto node)
    {
        var sizes = Sizes(node, "pads");
        return sizes is [var rows, var columns, ..] && sizes.SequenceEqual([rows, columns, rows, columns])
            ? [rows, columns]
            : throw new InvalidDataException($"a {node.OpType} that pads the sides of an image by {string.Join(", ", sizes)}");
    }

    private static Tensor Read(TensorProto stored)
    {
        var (bytes, shape) = (stored.RawData.ToByteArray(), stored.Dims.ToArray());
        return stored.DataType switch
        {
            TensorProto.Types.DataType.Float => ToFloat64(tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), shape)),
            TensorProto.Types.DataType.Int64 => tensor(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), shape),
            TensorProto.Types.DataType.Int32 => ToFloat64(tensor(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), shape)),
            TensorProto.Types.DataType.Int8 => ToFloat64(tensor(MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray(), shape)),
            TensorProto.Types.DataType.Uint8 => ToFloat64(tensor(bytes, shape, ScalarType.Byte)),
            TensorProto.Types.DataType.Float16 => ToFloat64(tensor(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), shape)),
            _ => throw new InvalidDataException($"{stored.Name} of {stored.DataType}"),
        };
    }

    private static Tensor ToFloat64(Tensor value) => value.dtype == ScalarType.Int64 ? value : value.to(ScalarType.Float64);

    private static void Check(ValueInfoProto declared, Tensor value, ScalarType floats)
    {
        var type = declared.Type.TensorType;
        var dtype = type.ElemType == TensorProto.Types.DataType.Int64 ? ScalarType.Int64 : floats;
        var fits = value.dtype == dtype && value.dim() == type.Shape.Dim.Count && type.Shape.Dim.Zip(value.shape).All(pair =>
            pair.First.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam || pair.First.DimValue == pair.Second);
        if (!fits)
        {
            throw new InvalidDataException($"{declared.Name} as ({string.Join(", ", value.shape)}) of {value.dtype}");
        }
    }
}
