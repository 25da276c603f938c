using PhotoMl.Export;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>export --json</c> prints.</summary>
internal sealed class ExportJson(string model, string format, ExportedModel exported)
{
    public string Command => "export";
    public string Model => model;
    public string Format => format;
    public string Output => exported.Path;
    public long Bytes => exported.Bytes;
    public IEnumerable<TensorJson> Inputs => exported.Inputs.Select(TensorJson.Of);
    public TensorJson Result => TensorJson.Of(exported.Output);
}

/// <summary>A tensor that an exported model takes or returns; -1 in its shape is any number.</summary>
internal sealed record TensorJson(string Name, string Dtype, IReadOnlyList<long> Shape, string Meaning)
{
    public static TensorJson Of(ExportedTensor tensor) => new(tensor.Name, tensor.Dtype, tensor.Shape, tensor.Meaning);
}
