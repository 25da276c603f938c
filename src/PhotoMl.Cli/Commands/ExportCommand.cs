using PhotoMl.Export;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml export</c>.</summary>
internal sealed class ExportCommand : ToolCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly ValueOption<ExportFormat?> _format = new(
        "--format", "FORMAT",
        $"The format: {Values.Words(typeof(ExportFormat))}; pytorch is a state_dict for torch.load. [default: by the extension of "
            + "--output]");
    private readonly Option<bool> _softmax =
        new("--softmax") { Description = "onnx: have a classifier give calibrated probabilities in place of logits." };
    private readonly Option<bool> _int8 =
        new("--int8") { Description = "onnx: have a classifier compute in int8, a quarter as large." };
    private readonly Option<bool> _float16 =
        new("--float16") { Description = "onnx: store a generator's weights in float16, half as large." };
    private readonly ValueOption<string?> _data = new(
        "--data", "SET", "--int8: measure ranges on its training images, and the accuracy as evaluate. [default: what it was trained on]");
    private readonly ValueOption<string?> _output =
        new("--output", "FILE", "The file to write. [default: beside the model]", alias: "-o");

    public ExportCommand()
        : base("export") => AddAll(_model, _format, _softmax, _int8, _float16, _data, Transpose, _output, Overwrite, Json, Quiet);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var model = RunFolder.ModelPathOf(arguments.GetRequiredValue(_model));
        var output = _output.Read(arguments);
        var (int8, float16) = (arguments.GetValue(_int8), arguments.GetValue(_float16));
        var isGraph = output is null && (int8 || float16 || arguments.GetValue(_softmax));
        var format = _format.Read(arguments) ?? (isGraph ? ExportFormat.Onnx : FormatOf(output));
        output ??= Path.ChangeExtension(
            model, format != ExportFormat.Onnx ? ".pth" : int8 ? ".int8.onnx" : float16 ? ".float16.onnx" : ".onnx");
        OutputCheck.File(_output, output, arguments.GetValue(Overwrite), [model]);
        CheckNotGiven(arguments, $"with {_int8.Name} only", int8 ? [] : [_data, Transpose]);
        if (format != ExportFormat.Onnx)
        {
            var reason = $"with --format onnx only: {Values.Word(format)} holds weights and computes nothing";
            CheckNotGiven(arguments, reason, _softmax, _int8, _float16);
        }

        var isGenerator = Generator.IsGenerator(model);
        if (isGenerator)
        {
            CheckNotGiven(arguments, "with a classifier only, but got a generator", _softmax, _int8);
        }
        else
        {
            CheckNotGiven(arguments, $"with a generator only, but got a classifier, which takes {_int8.Name}", _float16);
        }

        TorchSession.Start(threads: null);
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var options = new ExportOptions
        {
            Format = format,
            Probabilities = arguments.GetValue(_softmax),
            Int8 = int8,
            Float16 = float16,
            Data = _data.Read(arguments),
            Loading = LoadingOf(arguments, host, progress),
            Messages = progress,
        };
        using var generator = isGenerator ? Generator.Load(model) : null;
        using var classifier = generator is null ? Classifier.Load(model) : null;
        var exported = generator?.Export(output, options) ?? classifier!.Export(output, options, progress, host.CancellationToken);
        progress.Dispose();
        var document = new
        {
            Command = "export",
            Model = model,
            Format = Values.Word(format),
            Output = exported.Path,
            exported.Bytes,
            exported.Inputs,
            Result = exported.Output,
            exported.Cost?.Data,
            exported.Cost?.Images,
            exported.Cost?.Float32Accuracy,
            exported.Cost?.Int8Accuracy,
        };
        return Print(arguments, host, document, () =>
        {
            var proof = int8 ? "read back and evaluated" : "verified against the model";
            host.Out.WriteLine($"{Text.Printable(output)}  {exported.Bytes:N0} bytes, {proof}");
            foreach (var (name, tensor) in exported.Inputs.Select(tensor => ("input", tensor)).Append(("output", exported.Output)))
            {
                host.Out.WriteLine($"  {name,-6}  {Text.Printable($"{tensor}")}");
            }

            if (exported.Cost is { } cost)
            {
                host.Out.WriteLine($"  accuracy on {cost.Images:N0} {cost.Kind} of {Text.Printable(cost.Data)}:");
                host.Out.WriteLine($"  {Text.Percent(cost.Int8Accuracy)} in int8, {Text.Percent(cost.Float32Accuracy)} in float32");
            }
        });
    }

    private ExportFormat FormatOf(string? output) => Path.GetExtension(output)?.ToLowerInvariant() switch
    {
        ".onnx" => ExportFormat.Onnx,
        ".pth" or ".pt" => ExportFormat.Pytorch,
        _ => throw new UsageException(
            $"{_format.Name}: expected {Values.Words(typeof(ExportFormat))}, or an {_output.Name} that ends in .onnx, .pth or .pt"),
    };
}
