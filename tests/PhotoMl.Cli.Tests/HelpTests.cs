using PhotoMl.Tests;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using PhotoMl.Cli.Help;

namespace PhotoMl.Cli.Tests;

public class HelpTests
{
    private static readonly string[] Commands =
        ["", "train-cnn", "train-gan", "sample", "verify", "evaluate", "compare", "predict", "explain", "sort", "export", "data", "data list", "data get", "data check", "data preview", "doctor"];

    // After a change that is meant: PHOTOML_APPROVE=tests/PhotoMl.Cli.Tests/approved/help.txt dotnet test
    [Fact]
    public void Help_says_what_was_approved()
    {
        var help = new StringBuilder();
        foreach (var command in Commands)
        {
            var result = Tool.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            Assert.Equal(0, result.ExitCode);
            Assert.Empty(result.Error);
            help.Append("$ photoml ").Append(command).Append(command.Length > 0 ? " " : "").AppendLine("--help");
            foreach (var line in result.Out.Split('\n'))
            {
                help.AppendLine(line.TrimEnd());
            }
        }

        if (Environment.GetEnvironmentVariable("PHOTOML_APPROVE") is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{help}");
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "approved", "help.txt")), $"{help}", ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("train-cnn")]
    [InlineData("train-gan")]
    [InlineData("sample")]
    [InlineData("verify")]
    [InlineData("evaluate")]
    [InlineData("compare")]
    [InlineData("explain")]
    [InlineData("sort")]
    [InlineData("export")]
    [InlineData("data check")]
    [InlineData("data preview")]
    public void Help_fits_80_columns(string command) =>
        Assert.All(Tool.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).OutLines, line => Assert.InRange(line.TrimEnd().Length, 0, 80));

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

    [Fact]
    public void The_tools_help_names_every_command_once() => Assert.All(
        Root().Subcommands,
        command => Assert.Single(Tool.Run("--help").OutLines, line => line.StartsWith($"  {command.Name} ", StringComparison.Ordinal)));

    [Theory]
    [InlineData]
    [InlineData("data")]
    public void A_command_that_only_holds_others_shows_its_help(params string[] args)
    {
        var result = Tool.Run(args);
        Assert.Equal(0, result.ExitCode);
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
    public void The_shell_is_told_how_what_was_typed_may_go_on(string typed, string expected)
    {
        var result = Tool.Run($"[suggest:{typed.Length}]", typed);
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Contains(expected, result.OutLines);
    }

    [LinuxFact]
    public void Help_loads_nothing_native_but_doctor_does()
    {
        // The loader of glibc names every file it opens.
        (string, string) trace = ("LD_DEBUG", "files");
        var help = ToolProcess.Run(["--help"], trace);
        Assert.Equal(0, help.ExitCode);
        Assert.DoesNotContain("libtorch", help.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("libSkiaSharp", help.Error, StringComparison.Ordinal);
        Assert.Contains("libtorch", ToolProcess.Run(["doctor"], trace).Error, StringComparison.OrdinalIgnoreCase);
    }

    private static RootCommand Root() => Cli.CreateRoot(new CliHost { Out = TextWriter.Null, Error = TextWriter.Null });
}
