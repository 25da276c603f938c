namespace PhotoMl.Tests.Quality;

public sealed class ConfidentLearningTests
{
    // Labels 0, 0, 0, 1, 1; the third is predicted as 1, the last as 0 but not surely.
    private static readonly float[][] Probabilities = [[0.9f, 0.1f], [0.8f, 0.2f], [0.1f, 0.9f], [0.2f, 0.8f], [0.55f, 0.45f]];
    private static readonly long[] Labels = [0, 0, 0, 1, 1];

    [Fact]
    public void Joint_counts_estimate_and_order_are_those_computed_by_hand()
    {
        var found = new ConfidentLearning(Probabilities, Labels, classes: 2);

        // The thresholds are (0.9 + 0.8 + 0.1) / 3 = 0.6 and (0.8 + 0.45) / 2 = 0.625.
        Assert.Equal([2, 1], found.Joint[0]);
        Assert.Equal([0, 1], found.Joint[1]); // the last is below both thresholds
        Assert.Equal([3, 2], found.Counts);
        Assert.Equal([(2, 1), (4, 0)], found.Doubtful);
        Assert.Equal(1, found.EstimateWrong().Value, 6); // 3 x 1/3 + 2 x 0/1
    }

    [Fact]
    public void The_labels_of_a_class_that_was_not_learned_are_neither_counted_nor_doubted()
    {
        // Else the third would count as confidently of class 2: 0.3 is below the 0.6 of its own and above 0.1.
        float[][] probabilities = [[0.5f, 0.5f, 0], [0.1f, 0.8f, 0.1f], [0.3f, 0.4f, 0.3f], [0.7f, 0.2f, 0.1f]];
        var found = new ConfidentLearning(probabilities, [0, 1, 1, 2], classes: 3, unlearned: [2]);

        Assert.Equal([1, 2, 0], found.Counts);
        Assert.Equal([[1, 0, 0], [0, 1, 0], [0, 0, 0]], found.Joint);
        Assert.Empty(found.Doubtful);
        Assert.Equal(1, new ConfidentLearning(probabilities, [0, 1, 1, 2], classes: 3).Joint[1][2]);
    }

    [Fact]
    public void The_interval_is_that_of_the_rows_added_up()
    {
        var (value, low, high) = new ConfidentLearning(Probabilities, Labels, classes: 2).EstimateWrong();

        // (x + 2) / (n + 4): 3/7 of three images, 2/5 of two; 9 x 12/49 / 7 + 4 x 6/25 / 5.
        var half = 1.959963984540054 * Math.Sqrt((9 * (12 / 49.0) / 7) + (4 * (6 / 25.0) / 5));
        Assert.Equal(Math.Max(0, value - half), low, 9);
        Assert.Equal(value + half, high, 9);
    }

    [Fact]
    public void The_label_of_the_least_probability_beside_that_of_the_class_suggested_comes_first()
    {
        var found = new ConfidentLearning([[0.2f, 0.7f, 0.1f], [0.15f, 0.35f, 0.5f], [0.12f, 0.43f, 0.45f]], [0, 1, 0], classes: 3);

        // 0.2 / 0.7, 0.35 / 0.5 and 0.12 / 0.45; by the difference the first would come first.
        Assert.Equal([(2, 2), (0, 1), (1, 2)], found.Doubtful);
    }

    [Fact]
    public void Networks_that_were_trained_on_the_images_change_the_order_and_nothing_else()
    {
        float[][] probabilities = [[0.3f, 0.6f, 0.1f], [0.9f, 0.1f, 0], [0.2f, 0.7f, 0.1f], [0.6f, 0.4f, 0]];
        var alone = new ConfidentLearning(probabilities, [0, 0, 0, 2], classes: 3, unlearned: [2]);
        var found = new ConfidentLearning(
            probabilities, [0, 0, 0, 2], classes: 3, unlearned: [2],
            trained: [[0.2f, 0.1f, 0.7f], [0.1f, 0.8f, 0.1f], [0.8f, 0.1f, 0.1f], [0.9f, 0.1f, 0]]);

        // 0.3 / 0.6 and 0.2 / 0.7 alone; with 0.2 / 0.7 and 0.8 / 0.1 it is 0.14 and 2.3.
        Assert.Equal([(2, 1), (0, 1)], alone.Doubtful);
        Assert.Equal([(0, 1), (2, 1)], found.Doubtful);
        Assert.Equal(alone.Joint, found.Joint);
        Assert.Equal(alone.EstimateWrong(), found.EstimateWrong());
    }

    [Fact]
    public void A_class_that_no_image_has_is_never_confident_and_may_be_suggested()
    {
        var found = new ConfidentLearning([[0.2f, 0.1f, 0.7f], [0.6f, 0.3f, 0.1f]], [0, 0], classes: 3);

        Assert.Equal([1, 0, 0], found.Joint[0]);
        Assert.Equal(2, Assert.Single(found.Doubtful).Class);
        Assert.Equal(0, found.EstimateWrong().Value);
    }
}
