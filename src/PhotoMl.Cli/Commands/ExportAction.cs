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
        var format = command.Format.Read(arguments)!.Value;
        var output = command.Output.Read(arguments) ?? Path.ChangeExtension(model, Extension(format));
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
        if (ModelFile.ReadKind(model) == GeneratorInfo.GeneratorKind)
        {
            using var generator = Generator.Load(model);
            return generator.Export(output, format);
        }

        using var classifier = Classifier.Load(model);
        return classifier.Export(output, format, probabilities);
    }

    private static string Extension(ExportFormat format) => format switch
    {
        ExportFormat.Onnx => ".onnx",
        ExportFormat.Pytorch => ".pth",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "expected one of the formats"),
    };

    private static void CheckSoftmax(bool softmax, ExportFormat format, string model)
    {
        if (softmax && format != ExportFormat.Onnx)
        {
            throw new UsageException($"--softmax: expected --format onnx, but got {Values.Word(format)}, which holds weights and computes nothing");
        }

        if (softmax && ModelFile.ReadKind(model) == GeneratorInfo.GeneratorKind)
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
