using PhotoMl.Evaluation;

namespace PhotoMl.Tests.Evaluation;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Precision_recall_and_F1_are_those_worked_out_by_hand()
    {
        // Rows are what the images are, columns what they were taken for.
        var matrix = Create([[5, 1, 0, 0], [2, 3, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0]]);

        Assert.Equal(13, matrix.Total);
        Assert.Equal(8, matrix.Correct);
        Assert.Equal(2, matrix[1, 0]);
        Assert.Equal(
            [
                new ClassMetrics("a", 5 / 8.0, 5 / 6.0, 10 / 14.0, 6),
                new ClassMetrics("b", 3 / 4.0, 3 / 6.0, 6 / 10.0, 6),
                new ClassMetrics("c", 0, 0, 0, 0), // taken for once, never there
                new ClassMetrics("d", 0, 0, 0, 1), // there once, never taken for
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

        Assert.Equal([new ClassMetrics("a", 0, 0, 0, 0), new ClassMetrics("b", 0, 0, 0, 0)], metrics);
    }

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
