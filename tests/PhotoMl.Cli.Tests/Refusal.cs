namespace PhotoMl.Cli.Tests;

/// <summary>Runs the tool with what it must refuse, in words and without a stack trace.</summary>
internal static class Refusal
{
    /// <summary>Data, a model or a file is at fault: exit code 2 and one line.</summary>
    public static void OfInput(string expected, CommandLine line) => OfInput(expected, line.Arguments);

    /// <inheritdoc cref="OfInput(string, CommandLine)"/>
    public static void OfInput(string expected, params string[] args)
    {
        var result = Tool.Run(args);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Out);
    }

    /// <summary>The command line makes no sense: exit code 1, one line, and where to read what would make sense.</summary>
    public static void OfUsage(string expected, CommandLine line) => OfUsage(expected, line.Arguments);

    /// <inheritdoc cref="OfUsage(string, CommandLine)"/>
    public static void OfUsage(string expected, params string[] args)
    {
        var result = Tool.Run(args);
        Assert.Equal(2, result.ErrorLines.Length);
        Assert.StartsWith($"photoml: {expected}", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal($"Run 'photoml {args[0]} --help' to see what it takes.", result.ErrorLines[1]);
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Out);
    }
}
