using System.CommandLine;
using System.CommandLine.Parsing;
using PhotoMl.Cli.Help;

namespace PhotoMl.Cli.Tests;

public class HelpTests
{
    private static readonly string[] Commands =
    [
        "", "train-cnn", "train-gan", "tune", "sample", "verify", "evaluate", "compare", "predict", "explain", "sort", "export",
        "data", "data list", "data get", "data check", "data preview", "doctor",
    ];

    // After a change that is meant: PHOTOML_APPROVE=tests/PhotoMl.Cli.Tests/approved/help.txt dotnet test
    [Fact]
    public void Help_says_what_was_approved_and_fits_80_columns()
    {
        var help = new StringBuilder();
        foreach (var command in Commands)
        {
            var result = Tool.Succeed([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            Assert.Empty(result.Error);
            help.Append("$ photoml ").Append(command).Append(command.Length > 0 ? " " : "").AppendLine("--help");
            foreach (var line in result.Out.Split('\n'))
            {
                Assert.InRange(line.TrimEnd().Length, 0, 80);
                help.AppendLine(line.TrimEnd());
            }
        }

        if (Environment.GetEnvironmentVariable("PHOTOML_APPROVE") is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{help}");
        }

        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "approved", "help.txt"));
        Assert.Equal(approved, $"{help}", ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Every_command_has_examples_which_the_tool_takes()
    {
        var root = Root();
        var commands = root.Subcommands.SelectMany(command => command.Subcommands.Prepend(command)).Append<Command>(root).ToList();

        Assert.Equal(Commands.Length, commands.Count);
        foreach (var command in commands)
        {
            Assert.NotEmpty(HelpExamples.Of(command));
            Assert.All(HelpExamples.Of(command), example =>
            {
                var result = root.Parse([.. CommandLineParser.SplitCommandLine(example).Skip(1)]);
                Assert.Null(UsageError.Find(result));
                Assert.True(command.Subcommands.Count > 0 || result.CommandResult.Command == command, example);
            });
        }
    }

    [Theory]
    [InlineData]
    [InlineData("data")]
    public void A_command_that_only_holds_others_shows_its_help(params string[] args)
    {
        var result = Tool.Succeed(args);
        Assert.Equal(Tool.Run([.. args, "--help"]).Out, result.Out);
    }

    [Fact]
    public void The_version_is_that_of_the_tool() =>
        Assert.Equal($"{typeof(Cli).Assembly.GetName().Version!.ToString(3)}\n", Tool.Run("--version").Out);

    [Theory]
    [InlineData("", "train-cnn")]
    [InlineData("ev", "evaluate")]
    [InlineData("train-cnn --bal", "--balance")]
    [InlineData("train-cnn --balance ", "focal")]
    [InlineData("data pre", "preview")]
    public void The_shell_completes_what_was_typed(string typed, string expected)
    {
        var result = Tool.Succeed($"[suggest:{typed.Length}] {typed}");
        Assert.Empty(result.Error);
        Assert.Contains(expected, result.OutLines);
    }

    [LinuxFact]
    public void Help_loads_nothing_native_but_a_model_does()
    {
        // The loader of glibc names every file it opens.
        (string, string) trace = ("LD_DEBUG", "files");
        var help = ToolProcess.Run(["--help"], trace);
        Assert.Equal(0, help.ExitCode);
        Assert.DoesNotContain("libtorch", help.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("libSkiaSharp", help.Error, StringComparison.Ordinal);
        Assert.Contains("libtorch", ToolProcess.Run(["evaluate", "nosuch"], trace).Error, StringComparison.OrdinalIgnoreCase);
    }

    private static RootCommand Root() => Cli.CreateRoot(new CliHost { Out = TextWriter.Null, Error = TextWriter.Null });
}
