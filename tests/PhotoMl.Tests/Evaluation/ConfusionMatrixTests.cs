namespace PhotoMl.Tests.Evaluation;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Precision_recall_and_F1_are_those_worked_out_by_hand()
    {
        // Rows are what the images are, columns what they were predicted as.
        var matrix = Create([[5, 1, 0, 0], [2, 3, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0]]);

        Assert.Equal((13, 8, 2), (matrix.Total, matrix.Correct, matrix[1, 0]));
        Assert.Equal(
            [
                Metrics("a", 5 / 8.0, 5 / 6.0, 10 / 14.0, 6),
                Metrics("b", 3 / 4.0, 3 / 6.0, 6 / 10.0, 6),
                Metrics("c", 0, 0, 0, 0), // predicted once, never there
                Metrics("d", 0, 0, 0, 1), // there once, never predicted
            ],
            matrix.PerClass());
        Assert.Equal([Metrics("a", 0, 0, 0, 0)], Create([[0]]).PerClass());
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, -1)]
    public void Classes_without_a_name_are_refused(long actual, long predicted) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(["a", "b"], [(actual, predicted)]));

    [Fact]
    public void Rows_are_a_copy_of_the_counts()
    {
        var matrix = Create([[1, 2], [3, 4]]);
        matrix.ToRows()[0][0] = 100;

        Assert.Equal([[1, 2], [3, 4]], matrix.ToRows());
    }

    [Fact]
    public void Balanced_accuracy_is_the_mean_recall_of_the_classes_that_occur()
    {
        // Recalls 9 / 10, 1 / 2 and, of a class that never occurs though it was predicted, none.
        var report = new ClassificationReport(Create([[9, 0, 1], [1, 1, 0], [0, 0, 0]]), 0, TimeSpan.Zero);
        Assert.Equal(10 / 12.0, report.Accuracy, 12);
        Assert.Equal((0.9 + 0.5) / 2, report.BalancedAccuracy, 12);

        // Always answering the frequent class is accurate but not balanced.
        var constant = new ClassificationReport(Create([[95, 0], [5, 0]]), 0, TimeSpan.Zero);
        Assert.Equal((0.95, 0.5), (constant.Accuracy, constant.BalancedAccuracy));
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(2, "1 of 3 classes has no test photos (c) and is left out of balanced figures")]
    [InlineData(1, "2 of 3 classes have no test photos (b, c) and are left out of balanced figures")]
    public void Classes_that_do_not_occur_are_named(int occurring, string? expected)
    {
        var counts = Enumerable.Range(0, 3).Select(row => (int[])[row < occurring ? 1 : 0, 0, 0]);
        var report = new ClassificationReport(Create([.. counts]), 0, TimeSpan.Zero);

        Assert.Equal("abc"[occurring..], string.Concat(report.AbsentClasses));
        Assert.Equal(expected, report.DescribeAbsentClasses("test photos"));
    }

    private static ClassMetrics Metrics(string name, double precision, double recall, double f1, long support) =>
        new() { Name = name, Precision = precision, Recall = recall, F1 = f1, Support = support };

    private static ConfusionMatrix Create(int[][] counts) => new(
        [.. "abcd"[..counts.Length].Select(letter => $"{letter}")],
        counts.SelectMany((row, actual) => row.SelectMany((n, predicted) => Enumerable.Repeat(((long)actual, (long)predicted), n))));
}
