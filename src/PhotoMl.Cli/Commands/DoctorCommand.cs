using System.CommandLine;
using PhotoMl.Cli.Options;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml doctor</c> takes.</summary>
internal sealed class DoctorCommand : Command
{
    public DoctorCommand()
        : base("doctor", "Say what this machine has, and what is wrong with it.")
    {
        Add(Json);
    }

    public Option<bool> Json { get; } = CommonOptions.Json();
}
