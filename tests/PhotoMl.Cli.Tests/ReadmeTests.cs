using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace PhotoMl.Cli.Tests;

/// <summary>Holds the README files to what the tool takes and to the files there are.</summary>
public partial class ReadmeTests
{
    private static readonly string Root = FindRoot();

    // tests/acceptance/readme.sh has the same pages, in the order in which their commands need each other.
    private static readonly string[] Pages =
    [
        "README.md",
        "src/PhotoMl.Cli/README.md",
        "src/PhotoMl/README.md",
        "src/PhotoMl/Kernels/README.md",
        "data/README.md",
        "samples/README.md",
        "tests/PhotoMl.Benchmarks/README.md",
        "tests/acceptance/README.md",
    ];

    public static TheoryData<string> Commands => [.. Pages
        .SelectMany(page => ShellBlocks().Matches(Read(page)))
        .SelectMany(block => block.Groups[1].Value.Split('\n'))
        .Where(line => line.StartsWith("photoml ", StringComparison.Ordinal))
        .Select(line => line.Split(" #")[0].Trim())
        .Distinct()];

    public static TheoryData<string> Paths => [.. Pages
        .SelectMany(page => NamedPaths().Matches(Read(page)).Select(path => path.Value.TrimEnd('.', '/')).Concat(LinksOf(page)))
        .Distinct()];

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

    // A package's page is shown where the other files are not.
    [Theory]
    [InlineData("src/PhotoMl/README.md")]
    [InlineData("src/PhotoMl.Cli/README.md")]
    public void The_page_of_a_package_links_to_no_file(string page) => Assert.Empty(LinksOf(page));

    [Fact]
    public void Commands_and_paths_are_found_at_all()
    {
        Assert.InRange(Commands.Count, 20, 100);
        Assert.InRange(Paths.Count, 20, 100);
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Root, page));

    // The files that a page links to, as seen from the root.
    private static IEnumerable<string> LinksOf(string page) => Links().Matches(Read(page))
        .Select(link => link.Groups[1].Value)
        .Where(target => !target.StartsWith("https:", StringComparison.Ordinal))
        .Select(target => Path.GetRelativePath(Root, Path.GetFullPath(Path.Combine(Root, page, "..", target))));

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

    // The target of a link or picture, without the part of the page.
    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Links();

    // A run folder has samples too, of small letters.
    [GeneratedRegex(@"(?<![\w/.])(src|tests|samples(?=/[A-Z])|data)/[\w./-]*\w")]
    private static partial Regex NamedPaths();
}
