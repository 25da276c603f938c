namespace PhotoMl.Tests.Evaluation;

public sealed class ClassificationReportTests
{
    [Fact]
    public void Balanced_accuracy_is_the_mean_recall_of_the_classes_that_occur()
    {
        // Recalls 9 / 10, 1 / 2 and, of a class that never occurs though it was predicted, none.
        var report = Report([[9, 0, 1], [1, 1, 0], [0, 0, 0]]);

        Assert.Equal(10 / 12.0, report.Accuracy, 12);
        Assert.Equal((0.9 + 0.5) / 2, report.BalancedAccuracy, 12);
    }

    [Fact]
    public void Always_answering_the_frequent_class_is_accurate_but_not_balanced()
    {
        var report = Report([[95, 0], [5, 0]]);

        Assert.Equal(0.95, report.Accuracy, 12);
        Assert.Equal(0.5, report.BalancedAccuracy, 12);
    }

    private static ClassificationReport Report(int[][] counts)
    {
        var matrix = new ConfusionMatrix([.. counts.Select((_, index) => $"class {index}")]);
        foreach (var (actual, predicted) in counts.SelectMany((row, actual) => row.SelectMany((count, predicted) => Enumerable.Repeat((actual, predicted), count))))
        {
            matrix.Add(actual, predicted);
        }

        return new ClassificationReport(matrix, 0, TimeSpan.Zero);
    }
}
