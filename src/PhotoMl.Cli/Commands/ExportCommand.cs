using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Export;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml export</c> takes.</summary>
internal sealed class ExportCommand : Command
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "export";

    public ExportCommand()
        : base(CommandName, "Write a model in the format of another framework.")
    {
        Add(Model);
        Add(Format);
        Add(Softmax);
        Add(Output);
        Add(Overwrite);
        Add(Json);
    }

    public Argument<string> Model { get; } = CommonOptions.Model();

    public ValueOption<ExportFormat?> Format { get; } =
        new("--format", "FORMAT", $"The format: {Values.Words<ExportFormat>()}; pytorch is a state_dict for torch.load. [default: by the extension of --output]", null, text => Values.ToWord<ExportFormat>(text));

    public Option<bool> Softmax { get; } = new("--softmax") { Description = "Have a classifier give probabilities, at its temperature, in place of logits; onnx only." };

    public ValueOption<string?> Output { get; } = new("--output", "FILE", "The file to write. [default: beside the model]", null, Values.ToText) { Aliases = { "-o" } };

    public Option<bool> Overwrite { get; } = CommonOptions.Overwrite();

    public Option<bool> Json { get; } = CommonOptions.Json();
}
