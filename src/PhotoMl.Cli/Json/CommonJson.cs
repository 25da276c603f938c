using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Json;

/// <summary>An image that cannot be read.</summary>
internal sealed record ErrorJson(string Path, string Error);

/// <summary>A class with its figures, which are null where it has no images; support is their number.</summary>
internal sealed record ClassJson(string Name, double? Precision, double? Recall, double? F1, long Support)
{
    public static IEnumerable<ClassJson> Of(ClassificationReport report) => report.PerClass.Select(metrics => metrics.Support > 0
        ? new ClassJson(metrics.Name, metrics.Precision, metrics.Recall, metrics.F1, metrics.Support)
        : new ClassJson(metrics.Name, null, null, null, 0));
}
