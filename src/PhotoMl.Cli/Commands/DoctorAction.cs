using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml doctor</c> does.</summary>
internal sealed class DoctorAction(DoctorCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
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

        var findings = MachineFindings.Collect(host.DataOptions(), problem);
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, findings);
        }
        else
        {
            findings.Write(host.Out);
        }

        if (problem is not null)
        {
            host.Error.WriteLine($"{Cli.Name}: {problem}");
        }

        return problem is null ? ExitCode.Success : ExitCode.BadInput;
    }
}
