using System.CommandLine.Help;
using System.CommandLine.Invocation;
using PhotoMl.Cli.Commands;

namespace PhotoMl.Cli.Help;

/// <summary>What <c>--help</c> shows: of the tool its commands, of a command its arguments and options, each by what they are for; then
/// examples.</summary>
internal sealed class HelpScreen(TextWriter output, int width) : SynchronousCommandLineAction
{
    // What is longer has a line of its own.
    private const int WidestName = 26;

    private const int LongestDefault = 40;

    // Stands for a space at which no line is broken.
    private const char Joined = '\u00a0';

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var help = new HelpOption("--help", "-h") { Description = "Show this help." };
        (string Title, IEnumerable<Symbol> Symbols)[] sections = command switch
        {
            RootCommand =>
            [
                .. CommandList.Groups.Select(group =>
                    (group.Title, group.Commands.Select(entry => (Symbol)command.Subcommands.Single(known => known.Name == entry.Name)))),
            ],
            { Subcommands.Count: > 0 } => [("Commands", command.Subcommands)],
            ToolCommand { Groups: { Count: > 0 } groups } =>
            [
                .. groups.Select(group =>
                    (group.Title, group == groups[^1] ? [.. group.Options, help] : group.Options.AsEnumerable<Symbol>())),
            ],
            _ => [("Arguments", command.Arguments), ("Options", command.Options.Append(help))],
        };
        Text.WriteWrapped(output, command.Description!, width);
        WriteUsage(command);
        var left = Math.Min(WidestName, sections.SelectMany(section => section.Symbols).Max(symbol => NameOf(symbol).Length));
        foreach (var (title, symbols) in sections.Where(section => section.Symbols.Any()))
        {
            output.WriteLine();
            output.WriteLine($"{title}:");
            foreach (var symbol in symbols)
            {
                Write(NameOf(symbol), symbol.Description ?? "", left);
            }
        }

        output.WriteLine();
        output.WriteLine("Examples:");
        foreach (var example in HelpExamples.Of(command))
        {
            output.WriteLine($"  {example}");
        }

        return ExitCode.Success;
    }

    private void WriteUsage(Command command)
    {
        output.WriteLine();
        output.WriteLine("Usage:");
        if (command.Subcommands.Count == 0)
        {
            output.WriteLine($"  {string.Join(' ', [Cli.PathOf(command), .. command.Arguments.Select(NameOf), "[options]"])}");
            return;
        }

        output.WriteLine($"  {Cli.PathOf(command)} COMMAND [options]");
        output.WriteLine($"  {Cli.PathOf(command)} COMMAND --help   the options of a command");
        if (command is RootCommand)
        {
            output.WriteLine($"  {Cli.Name} --version        the version");
        }
    }

    private void Write(string name, string description, int left)
    {
        if (name.Length > left)
        {
            output.WriteLine($"  {name}");
            name = "";
        }

        var (text, @default) = description.Split(" [") is [var before, { Length: <= LongestDefault } after]
            ? (before, $" [{after.Replace(' ', Joined)}")
            : (description, "");
        foreach (var (index, line) in Text.Wrap(text + @default, width - left - 4).Index())
        {
            output.WriteLine($"  {(index == 0 ? name : "").PadRight(left)}  {line.Replace(Joined, ' ')}");
        }
    }

    private static string NameOf(Symbol symbol) => symbol switch
    {
        Option option => string.Join(", ", option.Aliases.Append(option.Name)) + (option.HelpName is { } value ? $" {value}" : ""),
        Argument { Arity: { MinimumNumberOfValues: 0 } } argument => $"[{argument.Name}]",
        Argument { Arity: { MaximumNumberOfValues: > 1 } } argument => $"{argument.Name}...",
        _ => symbol.Name,
    };
}
