using System.CommandLine;
using PhotoMl.Cli.Options;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data check</c> takes.</summary>
internal sealed class DataCheckCommand : Command
{
    public DataCheckCommand()
        : base("check", "Examine a data set or a folder of photos: files, classes, duplicates, leaks.")
    {
        Add(Set);
        Add(Sheet);
        Add(Overwrite);
        Add(Json);
        Add(Quiet);
    }

    public Argument<string> Set { get; } = new("ID|FOLDER") { Description = "A known data set, a folder with the four IDX files, or one with a folder of photos for each class." };

    public ValueOption<string?> Sheet { get; } = new("--sheet", "FILE", "Show the photos worth a look in one PNG file.", null, Values.ToPng);

    public Option<bool> Overwrite { get; } = CommonOptions.Overwrite();

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();
}
