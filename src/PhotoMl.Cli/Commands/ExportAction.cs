using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Export;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml export</c> does.</summary>
internal sealed class ExportAction(ExportCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var model = ModelSource.PathOf(arguments.GetRequiredValue(command.Model));
        var format = command.Format.Read(arguments)!.Value;
        var output = command.Output.Read(arguments) ?? Path.ChangeExtension(model, Extension(format));
        CheckOutput(output, model, arguments.GetValue(command.Overwrite));
        TorchSession.Start(threads: null);
        ModelExporter.Export(model, output, format);
        var bytes = new FileInfo(output).Length;
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, new { command = ExportCommand.CommandName, model, format, output, bytes });
        }
        else
        {
            host.Out.WriteLine($"{output}  {bytes:N0} bytes, and computes what the model does");
        }

        return ExitCode.Success;
    }

    private static string Extension(ExportFormat format) => format switch
    {
        ExportFormat.Pytorch => ".pth",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "expected one of the formats"),
    };

    private static void CheckOutput(string output, string model, bool overwrite)
    {
        if (Path.GetFullPath(output) == Path.GetFullPath(model))
        {
            throw new UsageException($"--output: expected another file than the model, but got {output}");
        }

        if (File.Exists(output) && !overwrite)
        {
            throw new InputException(output, "a file that is not there yet, or --overwrite", "one that is");
        }

        AtomicFile.CheckWritable(output);
    }
}
