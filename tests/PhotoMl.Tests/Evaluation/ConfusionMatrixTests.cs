namespace PhotoMl.Tests.Evaluation;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Precision_recall_and_F1_are_those_worked_out_by_hand()
    {
        // Rows are what the images are, columns what they were predicted as.
        var matrix = Create([[5, 1, 0, 0], [2, 3, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0]]);

        Assert.Equal(13, matrix.Total);
        Assert.Equal(8, matrix.Correct);
        Assert.Equal(2, matrix[1, 0]);
        Assert.Equal(
            [
                Metrics("a", 5 / 8.0, 5 / 6.0, 10 / 14.0, 6),
                Metrics("b", 3 / 4.0, 3 / 6.0, 6 / 10.0, 6),
                Metrics("c", 0, 0, 0, 0), // predicted once, never there
                Metrics("d", 0, 0, 0, 1), // there once, never predicted
            ],
            matrix.PerClass());
    }

    [Fact]
    public void Rows_are_a_copy_of_the_counts()
    {
        var matrix = Create([[1, 2], [3, 4]]);
        var rows = matrix.ToRows();
        rows[0][0] = 100;

        Assert.Equal([[1, 2], [3, 4]], matrix.ToRows());
    }

    [Fact]
    public void An_empty_matrix_has_no_ratio_that_is_no_number()
    {
        var metrics = new ConfusionMatrix(["a", "b"]).PerClass();

        Assert.Equal([Metrics("a", 0, 0, 0, 0), Metrics("b", 0, 0, 0, 0)], metrics);
    }

    private static ClassMetrics Metrics(string name, double precision, double recall, double f1, long support) =>
        new() { Name = name, Precision = precision, Recall = recall, F1 = f1, Support = support };

    private static ConfusionMatrix Create(int[][] counts)
    {
        var matrix = new ConfusionMatrix([.. "abcd"[..counts.Length].Select(letter => $"{letter}")]);
        for (var actual = 0; actual < counts.Length; actual++)
        {
            for (var predicted = 0; predicted < counts.Length; predicted++)
            {
                for (var i = 0; i < counts[actual][predicted]; i++)
                {
                    matrix.Add(actual, predicted);
                }
            }
        }

        return matrix;
    }
}
