using System.CommandLine;

namespace PhotoMl.Cli;

/// <summary>Says in one line what is wrong with a command line, and where to read what would be right.</summary>
internal static class UsageError
{
    /// <summary>Reports the first error of a command line.</summary>
    /// <returns><see cref="ExitCode.Usage"/>.</returns>
    public static int Report(ParseResult result, TextWriter error)
    {
        var command = result.CommandResult.Command;
        var message = result.UnmatchedTokens is [var unknown, ..] ? DescribeUnknown(unknown, command) : result.Errors[0].Message;
        return Report(message, command, error);
    }

    /// <inheritdoc cref="Report(ParseResult, TextWriter)"/>
    public static int Report(string message, Command command, TextWriter error)
    {
        error.WriteLine($"{Cli.Name}: {message.ReplaceLineEndings(" ").TrimEnd('.')}");
        error.WriteLine($"Run '{FullName(command)} --help' to see what it takes.");
        return ExitCode.Usage;
    }

    private static string DescribeUnknown(string token, Command command)
    {
        var isOption = token.StartsWith('-');
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var near = isOption ? NearestOption(token, command) : Suggestion.Nearest(token, command.Subcommands.Select(known => known.Name));
        return $"unknown {kind} '{token}'" + (near is null ? "" : $"; did you mean '{near}'?");
    }

    private static string? NearestOption(string token, Command command) =>
        Suggestion.Nearest(token.Split('=')[0], command.Options.Where(option => !option.Hidden).Select(option => option.Name));

    private static string FullName(Command command)
    {
        var names = new List<string>();
        for (Symbol? symbol = command; symbol is not null and not RootCommand; symbol = symbol.Parents.FirstOrDefault())
        {
            names.Insert(0, symbol.Name);
        }

        return string.Join(' ', names.Prepend(Cli.Name));
    }
}
