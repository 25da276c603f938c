using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>What <c>photoml evaluate</c> prints of a classifier, in tables that fit the terminal.</summary>
internal sealed class EvaluationTables(EvaluationResult<CalibratedReport> result, int width)
{
    private const int MostConfusions = 10;

    private readonly CalibratedReport _calibrated = result.Figures;
    private readonly ClassificationReport _report = result.Figures.Report;

    /// <summary>Writes accuracy, loss, the classes and the confusions.</summary>
    public void Write(TextWriter output, string model)
    {
        var before = _calibrated.Temperature == 1
            ? ""
            : $"; {Text.Percent(_calibrated.Uncalibrated.Error)} before temperature {_calibrated.Temperature:F2}";
        output.WriteLine($"Model     {Text.Printable(model)}");
        output.WriteLine($"Data      {Text.Printable(result.Title)}, {Text.Count(_report.Images, result.Images.TrimEnd('s'))}");
        if (_calibrated.TestTimeAugmentation)
        {
            output.WriteLine("Views     each image and its mirror image, logits averaged");
        }

        output.WriteLine($"Accuracy  {Text.Percent(_report.Accuracy)} ({Text.Interval(_report.AccuracyInterval)})");
        output.WriteLine($"Balanced  {Text.Percent(_report.BalancedAccuracy)} (mean recall of the classes)");
        Text.WriteWrapped(output, _report.DescribeAbsentClasses(result.Images), width, "          ");
        output.WriteLine($"Loss      {_report.Loss:F4}");
        output.WriteLine($"ECE       {Text.Percent(_calibrated.Calibration.Error)} (expected calibration error{before})");
        WriteSets(output);
        output.WriteLine();
        ClassTable.Of(_report).Write(output);
        output.WriteLine();
        var matrix = Matrix();
        if (matrix.Width <= width)
        {
            output.WriteLine("Confusion matrix: how often each class (row) was predicted as each (column)");
            output.WriteLine();
            matrix.Write(output);
        }
        else
        {
            WriteConfusions(output);
        }

        if (result.Output is { } page)
        {
            output.WriteLine();
            output.WriteLine($"Report    {Text.Printable(page)}");
        }
    }

    private void WriteSets(TextWriter output)
    {
        if (_calibrated.Sets is not { } sets)
        {
            return;
        }

        output.WriteLine(
            $"Coverage  {Text.Percent(sets.Coverage)} ({Text.Interval(sets.CoverageInterval)}), target {100 * sets.Target:G6} %");
        output.WriteLine(
            $"Sets      mean size {sets.MeanSetSize:F3}; {Text.Percent(sets.SingleShare)} one class, {Text.Percent(sets.ListShare)} a "
            + $"list, {Text.Percent(sets.UnsureShare)} unsure");
        if (sets.SingleAccuracy is { } accuracy)
        {
            output.WriteLine($"Single    {Text.Percent(accuracy)} of the sets of one class are right");
        }
    }

    private TextTable Matrix()
    {
        var classes = _report.PerClass.Count;
        var table = new TextTable(["", "Class", .. Enumerable.Range(0, classes).Select(column => $">{column}")]);
        for (var row = 0; row < classes; row++)
        {
            var counts = Enumerable.Range(0, classes).Select(column => _report.Confusion[row, column]);
            table.Add([$"{row}", ClassTable.NameBesideNumber(_report, row), .. counts.Select(count => count == 0 ? "." : $"{count}")]);
        }

        return table;
    }

    private void WriteConfusions(TextWriter output)
    {
        var classes = Enumerable.Range(0, _report.PerClass.Count).ToArray();
        var confusions =
            from actual in classes
            from predicted in classes
            where actual != predicted && _report.Confusion[actual, predicted] > 0
            orderby _report.Confusion[actual, predicted] descending, actual, predicted
            select (Actual: actual, Predicted: predicted);
        var table = new TextTable("Class", "Predicted as", ">Images");
        foreach (var (actual, predicted) in confusions.Take(MostConfusions))
        {
            table.Add(ClassTable.Name(_report, actual), ClassTable.Name(_report, predicted), $"{_report.Confusion[actual, predicted]:N0}");
        }

        output.WriteLine($"Most frequent confusions (--json has the whole matrix, which is wider than {width}):");
        output.WriteLine();
        table.Write(output);
    }
}

/// <summary>Precision and recall of each class, as a table.</summary>
internal static class ClassTable
{
    public const int LongestName = 20;

    public static TextTable Of(ClassificationReport report)
    {
        var table = new TextTable("", "Class", ">Precision", ">Recall", ">F1", ">Images");
        foreach (var (index, metrics) in report.PerClass.Index())
        {
            table.Add(
                $"{index}", NameBesideNumber(report, index), Figure(metrics.Precision), Figure(metrics.Recall), Figure(metrics.F1),
                $"{metrics.Support:N0}");

            string Figure(double share) => metrics.Support > 0 ? Text.Percent(share) : "-";
        }

        return table;
    }

    /// <summary>The name of a class beside its number; empty where all classes are named by their numbers.</summary>
    public static string NameBesideNumber(ClassificationReport report, int index) =>
        report.PerClass.Index().All(entry => entry.Item.Name == $"{entry.Index}") ? "" : Name(report, index);

    public static string Name(ClassificationReport report, int index) => Text.Shorten(report.PerClass[index].Name, LongestName);
}
