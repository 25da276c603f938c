using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using PhotoMl.Cli.Output;

namespace PhotoMl.Cli.Help;

/// <summary>What <c>--help</c> shows: of the tool its commands by what they are for, of a command what System.CommandLine says of it; then examples.</summary>
internal sealed class HelpScreen(HelpAction standard, TextWriter output, int width) : SynchronousCommandLineAction
{
    private static readonly (string Title, string[] Commands)[] Groups =
    [
        ("Train", ["train-cnn", "train-gan"]),
        ("Judge", ["evaluate", "compare", "explain"]),
        ("Use", ["predict", "sort", "export"]),
        ("Generate", ["sample", "whois"]),
        ("Data and machine", ["data", "doctor"]),
    ];

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        if (command is RootCommand)
        {
            WriteGroups(command);
        }
        else
        {
            standard.Invoke(parseResult);
        }

        if (HelpExamples.Of(command) is { Count: > 0 } examples)
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return ExitCode.Success;
    }

    private void WriteGroups(Command root)
    {
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine($"  {Cli.Name} COMMAND [options]");
        output.WriteLine($"  {Cli.Name} COMMAND --help   the options of a command");
        output.WriteLine($"  {Cli.Name} --version        the version");
        output.WriteLine();
        var left = root.Subcommands.Max(command => command.Name.Length) + 4;
        foreach (var (title, names) in Groups)
        {
            output.WriteLine($"{title}:");
            foreach (var command in names.Select(name => root.Subcommands.Single(command => command.Name == name)))
            {
                foreach (var (index, line) in Text.Wrap(command.Description!, width - left).Index())
                {
                    output.WriteLine($"{(index == 0 ? $"  {command.Name}" : "").PadRight(left)}{line}");
                }
            }

            output.WriteLine();
        }
    }
}
