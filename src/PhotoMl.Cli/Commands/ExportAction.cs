using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Export;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml export</c> does.</summary>
internal sealed class ExportAction(ExportCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var model = RunFolder.ModelPathOf(arguments.GetRequiredValue(command.Model));
        var output = command.Output.Read(arguments);
        var format = command.Format.Read(arguments) ?? FormatOf(output);
        output ??= Path.ChangeExtension(model, format == ExportFormat.Onnx ? ".onnx" : ".pth");
        OutputCheck.File(command.Output, output, arguments.GetValue(command.Overwrite), [model]);
        var probabilities = arguments.GetValue(command.Softmax);
        CheckSoftmax(probabilities, format, model);
        TorchSession.Start(threads: null);
        var exported = Export(model, output, format, probabilities);
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, new { command = ExportCommand.CommandName, model, format, output, exported.Bytes, exported.Inputs, result = exported.Output });
        }
        else
        {
            host.Out.WriteLine($"{Text.Printable(output)}  {exported.Bytes:N0} bytes, and computes what the model does");
            WriteTensors("takes", exported.Inputs);
            WriteTensors("gives", [exported.Output]);
        }

        return ExitCode.Success;
    }

    private static ExportedModel Export(string model, string output, ExportFormat format, bool probabilities)
    {
        if (Generator.IsGenerator(model))
        {
            using var generator = Generator.Load(model);
            return generator.Export(output, format);
        }

        using var classifier = Classifier.Load(model);
        return classifier.Export(output, format, probabilities);
    }

    private ExportFormat FormatOf(string? output) => Path.GetExtension(output)?.ToLowerInvariant() switch
    {
        ".onnx" => ExportFormat.Onnx,
        ".pth" or ".pt" => ExportFormat.Pytorch,
        _ => throw new UsageException($"{command.Format.Name}: expected {Values.Words<ExportFormat>()}, or an {command.Output.Name} that ends in .onnx, .pth or .pt"),
    };

    private static void CheckSoftmax(bool softmax, ExportFormat format, string model)
    {
        if (softmax && format != ExportFormat.Onnx)
        {
            throw new UsageException($"--softmax: expected --format onnx, but got {Values.Word(format)}, which holds weights and computes nothing");
        }

        if (softmax && Generator.IsGenerator(model))
        {
            throw new UsageException("--softmax: expected a classifier, but got a generator");
        }
    }

    private void WriteTensors(string verb, IEnumerable<ExportedTensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            host.Out.WriteLine($"  {verb} {Text.Printable($"{tensor}")}");
        }
    }
}
