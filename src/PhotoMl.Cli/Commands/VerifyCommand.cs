using System.CommandLine;
using PhotoMl.Cli.Options;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml verify</c> takes.</summary>
internal sealed class VerifyCommand : Command
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "verify";

    public VerifyCommand()
        : base(CommandName, "Say where a generated image comes from, and make it again to prove it.")
    {
        Add(Image);
        Add(Model);
        Add(Threads);
        Add(Json);
    }

    public Argument<string> Image { get; } = new("IMAGE") { Description = "A PNG file that photoml sample wrote." };

    public ValueOption<string?> Model { get; } = new("--model", "MODEL", "The model it is said to be of: makes the image again and compares.", null, Values.ToText);

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    public Option<bool> Json { get; } = CommonOptions.Json();
}
