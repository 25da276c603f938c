namespace PhotoMl.Tests.Training;

public sealed class PseudoLabelsTests
{
    [Fact]
    public void The_threshold_and_the_choice_are_those_computed_by_hand()
    {
        using var scope = NewDisposeScope();
        var state = PseudoLabels.Begin(classes: 2, images: 20);
        using var probabilities = tensor(new[] { 0.9f, 0.1f, 0.3f, 0.7f, 0.52f, 0.48f }).view(3, 2);
        var (labels, weights) = state.Choose(probabilities, [0, 9, 17], minimum: 0);

        // From 1/2 by a hundredth towards the means: of the largest (0.9 + 0.7 + 0.52) / 3, of class 0 (0.9 + 0.3 + 0.52) / 3.
        Assert.Equal(0.99 * 0.5 + 0.01 * (2.12 / 3), state.Threshold, 7);
        Assert.Equal(0.99 * 0.5 + 0.01 * (1.72 / 3), state.ClassMeans[0], 7);
        Assert.Equal(0.99 * 0.5 + 0.01 * (1.28 / 3), state.ClassMeans[1], 7);

        // The threshold of class 0, which has the largest mean, is 0.502067; that of class 1 is lower.
        Assert.Equal([0, 1, 0], labels);
        Assert.Equal([1f, 1f, 1f], weights);
        Assert.Equal([0b0000_0001, 0b0000_0010, 0b0000_0010], state.Used);
        Assert.Equal(3, state.CountUsed);
    }

    [Fact]
    public void A_class_that_is_rarely_predicted_has_a_lower_threshold_and_what_is_not_above_it_is_not_used()
    {
        using var scope = NewDisposeScope();
        var state = new PseudoLabels { Threshold = 0.9, ClassMeans = [0.8, 0.2], Used = new byte[1] };
        using var probabilities = tensor(new[] { 0.85f, 0.15f, 0.4f, 0.6f, 0.95f, 0.05f }).view(3, 2);
        var (labels, weights) = state.Choose(probabilities, [0, 1, 2], minimum: 0);

        Assert.InRange(state.Threshold, 0.85, 0.95); // of class 0; of class 1 about a quarter of it
        Assert.Equal([0, 1, 0], labels);
        Assert.Equal([0f, 1f, 1f], weights);
        Assert.Equal([0b110], state.Used);
        Assert.Equal([0f, 0f, 1f], state.Choose(probabilities, [0, 1, 2], minimum: 0.7).Weights);
    }

    [Fact]
    public void The_loss_is_the_sum_over_the_used_images_divided_by_all()
    {
        using var scope = NewDisposeScope();
        using var logits = tensor(new[] { 0f, 0f, 1f, 3f, 5f, 0f }).view(3, 2);
        using var loss = PseudoLabels.Loss(logits, [0, 0, 1], [1, 1, 0]);

        // -log(1/2) and -log(e / (e + e^3)) of three.
        Assert.Equal((Math.Log(2) + Math.Log(1 + Math.Exp(2))) / 3, loss.item<float>(), 6);
    }

    [Theory]
    [InlineData(double.NaN, 0.5)]
    [InlineData(1.5, 0.5)]
    [InlineData(0.5, -1)]
    [InlineData(0.5, double.PositiveInfinity)]
    public void A_state_that_no_run_can_have_is_told(double threshold, double mean)
    {
        var state = new PseudoLabels { Threshold = threshold, ClassMeans = [0.5, mean], Used = [] };

        Assert.False(state.IsConsistent);
        Assert.True(PseudoLabels.Begin(3, 10).IsConsistent);
    }
}
