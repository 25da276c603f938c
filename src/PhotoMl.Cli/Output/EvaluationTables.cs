using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>What a classifier is worth, as tables that fit the terminal.</summary>
internal sealed class EvaluationTables(ClassificationReport report, int width)
{
    private const int MostConfusions = 10;

    /// <summary>Writes accuracy, loss, the classes and the confusions.</summary>
    public void Write(TextWriter output, string model, string data)
    {
        output.WriteLine($"Model     {model}");
        output.WriteLine($"Data      {data}");
        output.WriteLine($"Accuracy  {Text.Percent(report.Accuracy)} ({Text.Interval(report.AccuracyInterval)})");
        output.WriteLine($"Balanced  {Text.Percent(report.BalancedAccuracy)} (the mean recall of the classes)");
        output.WriteLine($"Loss      {report.Loss:F4}");
        output.WriteLine();
        ClassTable.Of(report).Write(output);
        output.WriteLine();

        var matrix = Matrix();
        if (matrix.Width <= width)
        {
            output.WriteLine("How often each class (row) was taken for each (column):");
            output.WriteLine();
            matrix.Write(output);
        }
        else
        {
            WriteConfusions(output);
        }
    }

    private TextTable Matrix()
    {
        var classes = report.PerClass.Count;
        var table = new TextTable(["", "Class", .. Enumerable.Range(0, classes).Select(column => $">{column}")]);
        for (var row = 0; row < classes; row++)
        {
            var counts = Enumerable.Range(0, classes).Select(column => report.Confusion[row, column]);
            table.Add([$"{row}", ClassTable.Name(report, row), .. counts.Select(count => count == 0 ? "." : $"{count}")]);
        }

        return table;
    }

    private void WriteConfusions(TextWriter output)
    {
        var classes = Enumerable.Range(0, report.PerClass.Count).ToArray();
        var confusions =
            from actual in classes
            from predicted in classes
            where actual != predicted && report.Confusion[actual, predicted] > 0
            orderby report.Confusion[actual, predicted] descending, actual, predicted
            select (Actual: actual, Predicted: predicted);
        var table = new TextTable("Class", "Taken for", ">Images");
        foreach (var (actual, predicted) in confusions.Take(MostConfusions))
        {
            table.Add(ClassTable.Name(report, actual), ClassTable.Name(report, predicted), $"{report.Confusion[actual, predicted]:N0}");
        }

        output.WriteLine($"The confusion matrix is wider than {width} characters (--json has it all); its most frequent mistakes:");
        output.WriteLine();
        table.Write(output);
    }
}
