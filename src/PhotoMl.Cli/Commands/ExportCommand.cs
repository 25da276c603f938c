using PhotoMl.Export;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml export</c>.</summary>
internal sealed class ExportCommand : ToolCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly ValueOption<ExportFormat?> _format = new(
        "--format",
        "FORMAT",
        $"The format: {Values.Words<ExportFormat>()}; pytorch is a state_dict for torch.load. [default: by the extension of --output]",
        null,
        text => Values.ToWord<ExportFormat>(text));
    private readonly Option<bool> _softmax =
        new("--softmax") { Description = "onnx: have a classifier give calibrated probabilities in place of logits." };
    private readonly ValueOption<string?> _output =
        CommonOptions.Output("FILE", "The file to write. [default: beside the model]", Values.ToText);

    public ExportCommand()
        : base("export") => AddAll(_model, _format, _softmax, _output, Overwrite, Json);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var model = RunFolder.ModelPathOf(arguments.GetRequiredValue(_model));
        var output = _output.Read(arguments);
        var format = _format.Read(arguments) ?? FormatOf(output);
        output ??= Path.ChangeExtension(model, format == ExportFormat.Onnx ? ".onnx" : ".pth");
        OutputCheck.File(_output, output, arguments.GetValue(Overwrite), [model]);
        var probabilities = arguments.GetValue(_softmax);
        if (probabilities && format != ExportFormat.Onnx)
        {
            throw new UsageException(
                $"--softmax: expected --format onnx, but got {Values.Word(format)}, which holds weights and computes nothing");
        }

        if (probabilities && Generator.IsGenerator(model))
        {
            throw new UsageException("--softmax: expected a classifier, but got a generator");
        }

        TorchSession.Start(threads: null);
        using var generator = Generator.IsGenerator(model) ? Generator.Load(model) : null;
        using var classifier = generator is null ? Classifier.Load(model) : null;
        var exported = generator?.Export(output, format) ?? classifier!.Export(output, format, probabilities);
        var document = new
        {
            Command = "export",
            Model = model,
            Format = Values.Word(format),
            Output = exported.Path,
            exported.Bytes,
            exported.Inputs,
            Result = exported.Output,
        };
        return Print(arguments, host, document, () =>
        {
            host.Out.WriteLine($"{Text.Printable(output)}  {exported.Bytes:N0} bytes, verified against the model");
            foreach (var (name, tensor) in exported.Inputs.Select(tensor => ("input", tensor)).Append(("output", exported.Output)))
            {
                host.Out.WriteLine($"  {name,-6}  {Text.Printable($"{tensor}")}");
            }
        });
    }

    private ExportFormat FormatOf(string? output) => Path.GetExtension(output)?.ToLowerInvariant() switch
    {
        ".onnx" => ExportFormat.Onnx,
        ".pth" or ".pt" => ExportFormat.Pytorch,
        _ => throw new UsageException(
            $"{_format.Name}: expected {Values.Words<ExportFormat>()}, or an {_output.Name} that ends in .onnx, .pth or .pt"),
    };
}
