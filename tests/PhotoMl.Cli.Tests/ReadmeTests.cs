using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using PhotoMl.Cli.Output;

namespace PhotoMl.Cli.Tests;

/// <summary>Holds the README to what the tool takes and to the files there are.</summary>
public partial class ReadmeTests
{
    private static readonly string Root = FindRoot();

    private static readonly string Text = File.ReadAllText(Path.Combine(Root, "README.md"));

    public static TheoryData<string> Commands => [.. ShellBlocks().Matches(Text)
        .SelectMany(block => block.Groups[1].Value.Split('\n'))
        .Where(line => line.StartsWith("photoml ", StringComparison.Ordinal))
        .Select(line => line.Split(" #")[0].Trim())];

    public static TheoryData<string> Paths => [.. NamedPaths().Matches(Text).Select(path => path.Value.TrimEnd('.', '/')).Distinct()];

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_tool_takes_every_command_that_is_shown(string command)
    {
        var words = CommandLineParser.SplitCommandLine(command).Skip(1).ToArray();
        var result = Cli.CreateRoot(new CliHost { Out = TextWriter.Null, Error = TextWriter.Null }).Parse(words);

        Assert.Null(UsageError.Find(result));
        Assert.Empty(result.Errors);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_file_and_folder_that_is_named_is_there(string path) => Assert.True(Path.Exists(Path.Combine(Root, path)), path);

    [Fact]
    public void Commands_and_paths_are_found_at_all()
    {
        Assert.InRange(Commands.Count, 10, 100);
        Assert.InRange(Paths.Count, 10, 100);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PhotoMl.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests are not below the solution");
        }

        return folder.FullName;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlocks();

    // A run folder has samples too, of small letters.
    [GeneratedRegex(@"(?<![\w/.])(src|tests|samples(?=/[A-Z])|data)/[\w./-]*\w")]
    private static partial Regex NamedPaths();
}
