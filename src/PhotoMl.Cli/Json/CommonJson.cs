using PhotoMl.Data;
using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Json;

/// <summary>An image that cannot be read.</summary>
internal sealed record ErrorJson(string Path, string Error);

/// <summary>A file or folder that was left out, and why.</summary>
internal sealed record ProblemJson(string Path, string? Problem)
{
    public static IEnumerable<ProblemJson> Of(IEnumerable<ImageFileEntry> entries) =>
        entries.Select(entry => new ProblemJson(entry.Path, entry.Problem));
}

/// <summary>A class with its figures; support is the number of its images.</summary>
internal sealed record ClassJson(string Name, double Precision, double Recall, double F1, long Support)
{
    public static IEnumerable<ClassJson> Of(ClassificationReport report) =>
        report.PerClass.Select(metrics => new ClassJson(metrics.Name, metrics.Precision, metrics.Recall, metrics.F1, metrics.Support));
}
