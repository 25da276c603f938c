using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>How well each class is told from the others, as a table.</summary>
internal static class ClassTable
{
    private const int LongestName = 20;

    /// <summary>Makes the table, a row a class.</summary>
    public static TextTable Of(ClassificationReport report)
    {
        var table = new TextTable("", "Class", ">Precision", ">Recall", ">F1", ">Images");
        foreach (var (index, metrics) in report.PerClass.Index())
        {
            table.Add(
                $"{index}", Name(report, index), Text.Percent(metrics.Precision), Text.Percent(metrics.Recall), Text.Percent(metrics.F1), $"{metrics.Support:N0}");
        }

        return table;
    }

    /// <summary>The name of a class; digits are their own names.</summary>
    public static string Name(ClassificationReport report, int index) =>
        report.PerClass[index].Name == $"{index}" ? "" : Text.Shorten(report.PerClass[index].Name, LongestName);
}
