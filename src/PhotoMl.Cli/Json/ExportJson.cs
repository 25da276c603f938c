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
    public IEnumerable<ExportedTensor> Inputs => exported.Inputs;
    public ExportedTensor Result => exported.Output;
}
