using System.CommandLine;
using PhotoMl.Cli.Options;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data get</c> takes.</summary>
internal sealed class DataGetCommand : Command
{
    public DataGetCommand()
        : base("get", "Download a known data set into the user's cache.")
    {
        Add(Id);
        Add(Json);
        Add(Quiet);
    }

    public Argument<string> Id { get; } = new("ID") { Description = "The data set, such as mnist." };

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();
}
