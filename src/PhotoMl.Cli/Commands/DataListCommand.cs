using System.CommandLine;
using PhotoMl.Cli.Options;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data list</c> takes.</summary>
internal sealed class DataListCommand : Command
{
    public DataListCommand()
        : base("list", "List the known data sets and where they are.")
    {
        Add(Json);
    }

    public Option<bool> Json { get; } = CommonOptions.Json();
}
