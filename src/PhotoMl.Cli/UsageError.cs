using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PhotoMl.Cli;

/// <summary>Says in one line what is wrong with a command line, and where to read what would be right.</summary>
internal static partial class UsageError
{
    /// <summary>Finds the first error of a command line.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public static string? Find(ParseResult result) =>
        FindMissingValue(result)
            ?? ((FindUnknownOption(result) ?? (result.UnmatchedTokens is [var token, ..] ? token : null)) is { } unknown
                ? DescribeUnknown(unknown, result.CommandResult.Command)
                : result is { Action: ParseErrorAction, Errors: [var error, ..] } ? error.Message : null);

    /// <summary>Puts the names of options in place of those of the library's properties, which stand in parentheses.</summary>
    public static string NameOptions(string message) =>
        PropertyName().Replace(message, match => $"({OptionName(match.Groups[1].Value)})");

    /// <summary>Finds what is wrong with a command line where the library refused what an option asks for; it names its own
    /// property.</summary>
    /// <returns>What is wrong, with the option's name; null where the exception names no property of an option.</returns>
    public static string? Find(ArgumentException exception, Command command)
    {
        var message = exception.Message;
        var colon = message.IndexOf(": ", StringComparison.Ordinal);
        var name = colon < 0 ? "" : OptionName(message[..colon]);
        return command.Options.Any(option => option.Name == name) ? $"{name}{message[colon..].Split(" (Parameter '")[0]}" : null;
    }

    /// <summary>Reports an error of a command line.</summary>
    /// <returns><see cref="ExitCode.Usage"/>.</returns>
    public static int Report(string message, Command command, TextWriter error)
    {
        error.WriteLine($"{Cli.Name}: {Text.Printable(message.ReplaceLineEndings(" ")).TrimEnd('.')}");
        error.WriteLine($"Run '{Cli.PathOf(command)} --help' to see what it takes.");
        return ExitCode.Usage;
    }

    private static string OptionName(string property) => $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(property)}";

    [GeneratedRegex(@"\((Transpose|Split|ImageSize|DiscriminatorSteps)\)")]
    private static partial Regex PropertyName();

    // The parser takes a mistyped option for the argument it is still waiting for.
    private static string? FindUnknownOption(ParseResult result) => result.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value is ['-', '-' or (>= 'a' and <= 'z'), ..])
        ?.Value;

    // The parser takes an option that follows one without its value for that value.
    private static string? FindMissingValue(ParseResult result)
    {
        string[] known = [.. result.CommandResult.Command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))];
        var tokens = result.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).ToList();
        return tokens.Zip(tokens.Skip(1))
            .Where(pair => pair is { First.Type: TokenType.Option, Second.Type: TokenType.Argument } && known.Contains(pair.Second.Value))
            .Select(pair => $"{pair.First.Value}: expected a value, but found {pair.Second.Value}").FirstOrDefault();
    }

    private static string DescribeUnknown(string token, Command command)
    {
        var isOption = token.StartsWith('-');
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        IEnumerable<Symbol> known = isOption ? command.Options : command.Subcommands;
        var near = Suggestion.Nearest(token.Split('=')[0], [.. known.Select(symbol => symbol.Name)]);
        return $"unknown {kind} '{token}'{(near is null ? "" : $"; did you mean '{near}'?")}";
    }
}
