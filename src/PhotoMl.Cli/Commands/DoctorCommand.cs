using PhotoMl.Cli.Json;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml doctor</c>.</summary>
internal sealed class DoctorCommand : ToolCommand
{
    public DoctorCommand()
        : base("doctor") => AddAll(Json);

    public override int Run(ParseResult arguments, CliHost host)
    {
        string? problem = null;
        try
        {
            TorchSession.Start(threads: null);
        }
        catch (NativeLibraryException exception)
        {
            problem = exception.Message;
        }

        var found = new DoctorJson(host.DataOptions(), problem);
        Print(arguments, host, found, () => Write(host.Out, found));
        if (problem is not null)
        {
            host.Error.WriteLine($"{Cli.Name}: {problem}");
        }

        return problem is null ? ExitCode.Success : ExitCode.BadInput;
    }

    private static void Write(TextWriter output, DoctorJson found)
    {
        Line("PhotoMl", found.Photoml);
        Line("TorchSharp", found.Torchsharp);
        Line("libtorch", found.Libtorch ?? "not loaded");
        Line(".NET", found.Dotnet);
        Line("System", found.System);
        Line("Libraries", found switch
        {
            { NativeProblem: not null } => "cannot be loaded",
            { NativeSkippedVersions: [] } => "loaded as they are",
            _ => $"loaded without {string.Join(", ", found.NativeSkippedVersions)},",
        });
        if (found is { NativeProblem: null, NativeSkippedVersions.Count: > 0 })
        {
            Line("", "which this system lacks and nothing uses");
        }

        if (found.NativePath is not null)
        {
            Line("", found.NativePath);
        }

        Line("Processor", $"{found.Processor}, {found.ProcessorCores} cores");
        Line("", string.Join(" ", found.ProcessorFeatures));
        Line("Threads", found.Threads is { } threads ? $"{threads}" : "unknown");
        Line("Precision", $"{found.Precision}, because {found.PrecisionReason}");
        Line("MKL", found.MklKernels == "intel" ? "kernels for Intel processors; PHOTOML_MKL=default turns that off" : "as it is");
        Line("Device", found.Device);
        foreach (var (id, place) in found.Data)
        {
            Line(id, place ?? DataListCommand.NotHere(id));
        }

        Line("Free disk", Text.Bytes(found.FreeDiskBytes));
        Line("Free memory", Text.Bytes(found.FreeMemoryBytes));
        if (found.Operators.Count > 0)
        {
            WriteOperators(output, found.Operators);
        }

        void Line(string name, string value) => output.WriteLine($"{name,-14} {value}");
    }

    private static void WriteOperators(TextWriter output, IReadOnlyList<OperatorJson> operators)
    {
        var table = new TextTable("Operator", "route", "dtype", "output", "input", "weight", "");
        foreach (var check in operators)
        {
            table.Add(
                check.Operator, check.Route, check.Dtype, Error(check.ForwardError), Error(check.InputGradientError),
                Error(check.WeightGradientError), check.IsRight ? "" : "wrong");
        }

        output.WriteLine();
        output.WriteLine("Largest errors of output and gradients against float64, as a fraction of the");
        output.WriteLine("largest value:");
        table.Write(output);
        output.WriteLine($"{operators.Count(check => check.IsRight)} of {operators.Count} operators are right; a wrong one is not used.");

        static string Error(double? value) => value is null ? "" : $"{value:0.0e+00}";
    }
}
