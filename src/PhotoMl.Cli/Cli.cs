using System.CommandLine.Help;
using System.CommandLine.Invocation;
using PhotoMl.Cli.Commands;
using PhotoMl.Cli.Help;
using PhotoMl.Data;

namespace PhotoMl.Cli;

/// <summary>The command line: parses, calls, and turns what goes wrong into one line and an exit code.</summary>
internal static class Cli
{
    /// <summary>The name the tool is installed under.</summary>
    public const string Name = "photoml";

    /// <summary>Where networks run.</summary>
    public const string Cpu = "cpu";

    // Long lines are hard to read.
    private const int WidestHelp = 100;

    /// <summary>Runs one command.</summary>
    /// <param name="args">The arguments, without the name of the program.</param>
    /// <param name="host">Where it writes to, and what it may use.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, CliHost host)
    {
        var result = CreateRoot(host, args).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @ begins names
        var command = result.CommandResult.Command;

        // What is typed so far need not be right: the shell asks how it may go on, by System.CommandLine's directive.
        var asksForCompletions = args is [var first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);
        if (!asksForCompletions && UsageError.Find(result) is { } error)
        {
            return UsageError.Report(error, command, host.Error);
        }

        try
        {
            return result.Invoke(
                new InvocationConfiguration { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false });
        }
        catch (UsageException exception)
        {
            return UsageError.Report(exception.Message, command, host.Error);
        }
        catch (ArgumentException exception) when (UsageError.Find(exception, command) is { } message)
        {
            return UsageError.Report(message, command, host.Error);
        }
        catch (PhotoMlException exception)
        {
            var message = UsageError.NameOptions(exception.Message);
            var remedy = exception is DatasetNotFoundException { Id: var id } ? $" To download it: {Name} data get {id}" : "";
            host.Error.WriteLine($"{Name}: {Text.Printable(message)}{remedy}");
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            host.Stop.Give(host.Error);
            return ExitCode.Cancelled;
        }
        catch (Exception exception)
        {
            host.Error.WriteLine($"{Name}: this is a bug in PhotoMl; please report it with the lines below");
            host.Error.WriteLine(exception);
            return ExitCode.Usage;
        }
    }

    /// <summary>Makes the commands.</summary>
    /// <param name="host">What they may use.</param>
    /// <param name="args">The command line: only a command that it names has its options. Null for all.</param>
    internal static RootCommand CreateRoot(CliHost host, IReadOnlyList<string>? args = null)
    {
        // A completion, or a file of arguments, may name any.
        var all = args is null || args.Any(word => word is ['[' or '@', ..]);
        var root = new RootCommand("Train, evaluate and use image models.") { HelpName = Name };
        foreach (var entry in CommandList.Groups.SelectMany(group => group.Commands))
        {
            root.Add(entry.ToCommand(host, name => all || args!.Contains(name)));
        }

        var help = new HelpScreen(host.Out, Math.Min(host.Width, WidestHelp));
        root.Action = help;
        root.Subcommands.Single(command => command.Subcommands.Count > 0).Action = help;
        root.Options.OfType<HelpOption>().Single().Action = help;
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction(host.Out);
        return root;
    }

    /// <summary>A command with those above it, as it is typed.</summary>
    internal static string PathOf(Command command) =>
        command.Parents.OfType<Command>().SingleOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : Name;

    private sealed class VersionAction(TextWriter output) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            output.WriteLine(typeof(Cli).Assembly.GetName().Version!.ToString(3));
            return ExitCode.Success;
        }
    }
}
