using System.CommandLine;
using PhotoMl.Cli.Options;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data check</c> takes.</summary>
internal sealed class DataCheckCommand : Command
{
    public DataCheckCommand()
        : base("check", "Examine a data set: files, hashes, classes, duplicates.")
    {
        Add(Set);
        Add(Json);
    }

    public Argument<string> Set { get; } = new("ID|FOLDER") { Description = "A known data set, or a folder with the four IDX files." };

    public Option<bool> Json { get; } = CommonOptions.Json();
}
