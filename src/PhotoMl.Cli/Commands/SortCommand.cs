using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml sort</c> takes.</summary>
internal sealed class SortCommand : Command
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "sort";

    public SortCommand()
        : base(CommandName, "Copy photos into a folder for each class that a model tells.")
    {
        Add(Model);
        Add(Folder);
        Add(Into);
        Add(HardLink);
        Add(Copy);
        Add(MinConfidence);
        Add(DryRun);
        Add(Undo);
        Add(Foreground);
        Add(Threads);
        Add(Precision);
        Add(Json);
        Add(Quiet);
    }

    public Argument<string?> Model { get; } = new("MODEL") { Description = "A model file or a run folder.", Arity = ArgumentArity.ZeroOrOne };

    public Argument<string?> Folder { get; } = new("FOLDER") { Description = "The photos, in any depth; nothing in it is changed.", Arity = ArgumentArity.ZeroOrOne };

    public ValueOption<string?> Into { get; } = new("--into", "DIR", "Where the folders of the classes are made, with a list of what was made. Run again, it goes on.", null, Values.ToText);

    public Option<bool> Copy { get; } = new("--copy") { Description = "Copy the photos. This is the default." };

    public Option<bool> HardLink { get; } = new("--hard-link") { Description = "Give the photos a second name instead; takes no room, but needs the same disk." };

    public ValueOption<double> MinConfidence { get; } =
        new("--min-confidence", "X", $"Photos told with a lower probability go into {Unsure.Name}, or where a class has that name, into {Unsure.Name}-2.", 0, ToProbability);

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Say what would be done, also by --undo, and do nothing." };

    public ValueOption<string?> Undo { get; } = new("--undo", "LIST", "Take away what a list says was made, where it has not changed and its original is there.", null, Values.ToText);

    public ValueOption<ForegroundChoice> Foreground { get; } = CommonOptions.Foreground();

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    public ValueOption<Precision> Precision { get; } = CommonOptions.Precision();

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();

    private static double ToProbability(string text)
    {
        var value = Values.ToDouble(text);
        return value is >= 0 and <= 1 ? value : throw new FormatException($"expected 0 to 1, but got {text}");
    }
}
