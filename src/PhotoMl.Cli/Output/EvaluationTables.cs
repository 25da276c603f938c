using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>What a classifier is worth, as tables that fit the terminal.</summary>
internal sealed class EvaluationTables(CalibratedReport calibrated, int width)
{
    private readonly ClassificationReport _report = calibrated.Report;

    private const int MostConfusions = 10;

    /// <summary>Writes accuracy, loss, the classes and the confusions.</summary>
    public void Write(TextWriter output, string model, string data)
    {
        output.WriteLine($"Model     {model}");
        output.WriteLine($"Data      {data}");
        output.WriteLine($"Accuracy  {Text.Percent(_report.Accuracy)} ({Text.Interval(_report.AccuracyInterval)})");
        output.WriteLine($"Balanced  {Text.Percent(_report.BalancedAccuracy)} (the mean recall of the classes)");
        output.WriteLine($"Loss      {_report.Loss:F4}");
        output.WriteLine($"ECE       {Text.Percent(calibrated.Calibration.Error)} ({Before()}expected calibration error)");
        WriteSets(output);
        output.WriteLine();
        ClassTable.Of(_report).Write(output);
        output.WriteLine();

        var matrix = Matrix();
        if (matrix.Width <= width)
        {
            output.WriteLine("Confusion matrix: how often each class (row) was predicted as each (column):");
            output.WriteLine();
            matrix.Write(output);
        }
        else
        {
            WriteConfusions(output);
        }
    }

    private string Before() => calibrated.Temperature == 1 ? "" : $"{Text.Percent(calibrated.Uncalibrated.Error)} before temperature {calibrated.Temperature:F2}; ";

    private void WriteSets(TextWriter output)
    {
        if (calibrated.Sets is not { } sets)
        {
            return;
        }

        output.WriteLine($"Coverage  {Text.Percent(sets.Coverage)} ({Text.Interval(sets.CoverageInterval)}), target {100 * sets.Target:G6} %");
        output.WriteLine($"Sets      mean size {sets.MeanSetSize:F3}; {Text.Percent(sets.SingleShare)} one class, {Text.Percent(sets.ListShare)} a list, {Text.Percent(sets.UnsureShare)} unsure");
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
            table.Add([$"{row}", ClassTable.Name(_report, row), .. counts.Select(count => count == 0 ? "." : $"{count}")]);
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

        output.WriteLine($"The confusion matrix is wider than {width} characters (--json has it all); its most frequent mistakes:");
        output.WriteLine();
        table.Write(output);
    }
}
