using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PhotoMl.Tests;

/// <summary>Dependencies between the parts of the library point one way.</summary>
public sealed partial class ArchitectureTests
{
    // A part that is missing here may use nothing but Runtime and IO.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["IO"] = [],
        ["Runtime"] = ["IO"],
        ["Imaging"] = ["Runtime", "IO"],
        ["Data"] = ["Imaging", "Runtime", "IO"],
        ["Quality"] = ["Data", "Imaging", "Runtime", "IO"],
        ["Kernels"] = ["Runtime", "IO"],
        ["Models"] = ["Kernels", "Imaging", "Data", "Runtime", "IO"],
        ["Evaluation"] = ["Models", "Kernels", "Data", "Imaging", "Runtime", "IO"],
        ["Training"] = ["Evaluation", "Models", "Kernels", "Sampling", "Data", "Imaging", "Runtime", "IO"],
        ["Sampling"] = ["Models", "Data", "Imaging", "Runtime", "IO"],
        ["Explanation"] = ["Models", "Kernels", "Data", "Imaging", "Runtime", "IO"],
        ["Export"] = ["Models", "Imaging", "Data", "Runtime", "IO"],
        ["Reporting"] = ["Training", "Explanation", "Sampling", "Evaluation", "Models", "Data", "Quality", "Imaging", "Runtime", "IO"],
    };

    public static TheoryData<string> Parts =>
        [.. Directory.GetDirectories(LibraryFolder()).Select(path => Path.GetFileName(path)!).Where(name => name is not ("bin" or "obj"))];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_of_the_library_knows_only_the_parts_below_it(string part)
    {
        var allowed = Allowed.GetValueOrDefault(part, ["Runtime", "IO"]);
        var files = SourceFiles(Path.Combine(LibraryFolder(), part)).ToList();
        var violations = files.SelectMany(file => Mentioned(File.ReadAllText(file))
            .Where(other => other != part && !allowed.Contains(other))
            .Select(other => $"{Path.GetFileName(file)} uses {other}"));

        Assert.NotEmpty(files);
        Assert.Empty(violations);
    }

    // Every file of the library may name these types without saying so.
    [Fact]
    public void The_lowest_part_knows_no_type_of_the_one_above_it()
    {
        var types = typeof(PhotoMlException).Assembly.GetTypes().Where(type => type is { Namespace: "PhotoMl.Runtime", IsNested: false })
            .Select(type => type.Name).ToHashSet();
        var words = SourceFiles(Path.Combine(LibraryFolder(), "IO"))
            .SelectMany(file => Word().Matches(WithoutComments(File.ReadAllText(file))).Select(word => word.Value));

        Assert.Contains("NativeLibraries", types);
        Assert.DoesNotContain(words, types.Contains);
    }

    [Fact]
    public void No_part_knows_the_whole_tasks_that_are_made_of_them()
    {
        var violations = SourceFiles(LibraryFolder())
            .Where(file => Path.GetDirectoryName(file) != LibraryFolder())
            .Where(file => WholeTask().IsMatch(WithoutComments(File.ReadAllText(file))))
            .Select(Path.GetFileName);

        Assert.Empty(violations);
    }

    [Fact]
    public void The_library_writes_to_no_console_and_parses_no_arguments()
    {
        Assert.DoesNotContain(SourceFiles(LibraryFolder()), file => ConsoleUse().IsMatch(WithoutComments(File.ReadAllText(file))));
        Assert.DoesNotContain("PhotoMl.Cli", typeof(PhotoMlException).Assembly.GetReferencedAssemblies().Select(name => name.Name));
    }

    [Fact]
    public void No_line_is_longer_than_140_characters()
    {
        var root = Path.GetFullPath(Path.Combine(LibraryFolder(), "..", ".."));
        var files = new[] { "src", "tests", "samples" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")).ToList();

        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, path => File.ReadLines(path).Any(line => line.Length > 140));
    }

    [Theory]
    [InlineData("NU1901")]
    [InlineData("NU1902")]
    [InlineData("NU1903")]
    [InlineData("NU1904")]
    public void An_advisory_that_is_published_tomorrow_breaks_no_build(string advisory)
    {
        var properties = XDocument.Load(Path.Combine(LibraryFolder(), "..", "..", "Directory.Build.props")).Descendants().ToList();
        Assert.Contains(advisory, Codes("WarningsNotAsErrors"));
        Assert.DoesNotContain(advisory, Codes("NoWarn")); // but is said

        IEnumerable<string> Codes(string name) => properties.Where(entry => entry.Name == name).SelectMany(entry => entry.Value.Split(';'));
    }

    [Theory]
    [InlineData("using PhotoMl.Training;", "Training")]
    [InlineData("using static PhotoMl.Models.SafetensorsFormat;", "Models")]
    [InlineData("using Images = PhotoMl.Data.Images;", "Data")]
    [InlineData("var x = new PhotoMl.Evaluation.ConfusionMatrix([]);", "Evaluation")]
    [InlineData("throw new Models.InvalidModelException();", "Models")]
    [InlineData("public Runtime.Precision Precision { get; }", "Runtime")]
    public void A_dependency_is_recognised_however_it_is_written(string line, string part) => Assert.Equal([part], Mentioned(line));

    [Theory]
    [InlineData("using System.Runtime.InteropServices;")]
    [InlineData("using TorchSharp.Modules;")]
    [InlineData("namespace PhotoMl.Training;")]
    [InlineData("/// <exception cref=\"Models.InvalidModelException\">Bad.</exception>")]
    [InlineData("row.Data.Length")]
    public void Other_names_are_no_dependency(string line) => Assert.Empty(Mentioned(line));

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    private static string WithoutComments(string source) =>
        string.Join('\n', source.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    private static IEnumerable<string> Mentioned(string source) => WithoutComments(source).Split('\n')
        .Where(line => !line.StartsWith("namespace ", StringComparison.Ordinal))
        .SelectMany(line => QualifiedName().Matches(line))
        .Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)
        .Where(Allowed.ContainsKey)
        .Distinct();

    private static IEnumerable<string> SourceFiles(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(path => Path.GetRelativePath(LibraryFolder(), path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));

    private static string LibraryFolder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "src", "PhotoMl"));

    // PhotoMl.Part, or Part.Type after which no call follows: the part's name may also be a property's.
    [GeneratedRegex(@"\bPhotoMl\.([A-Z]\w*)|(?<![\w.""])([A-Z]\w*)(?=\.[A-Z]\w*[ ({?>\[])")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"\b(ClassifierRun|GeneratorRun|RunData|RunSettings)\b|\b(Classifier|Generator)\.(Load|Compare|CheckOutput)")]
    private static partial Regex WholeTask();

    [GeneratedRegex(@"\bConsole\.|System\.CommandLine|Spectre\.Console")]
    private static partial Regex ConsoleUse();
}
