using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace PhotoMl.Tests.Export;

/// <summary>A model in ONNX Runtime.</summary>
internal sealed class OnnxSession(string path) : IDisposable
{
    private readonly InferenceSession _session = new(path);

    public IReadOnlyList<string> InputNames => _session.InputNames;

    /// <summary>Computes the only output, float32.</summary>
    public Tensor Run(params Tensor[] inputs)
    {
        using var results = _session.Run([.. InputNames.Zip(inputs, Value)]);
        var output = results.Single().AsTensor<float>();
        return tensor(output.ToArray(), [.. output.Dimensions.ToArray().Select(size => (long)size)]);
    }

    public void Dispose() => _session.Dispose();

    private static NamedOnnxValue Value(string name, Tensor input)
    {
        var shape = input.shape.Select(size => (int)size).ToArray();
        return input.dtype == ScalarType.Int64
            ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(input.data<long>().ToArray(), shape))
            : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(input.data<float>().ToArray(), shape));
    }
}
