namespace PhotoMl.Cli.Tests;

public class VerdictTests
{
    private const string Odds = "two equally good classifiers differ this much or more by chance in";

    [Theory]
    [InlineData(0, 0, "No difference: they are right on the same images.")]
    [InlineData(7, 7, "No difference: they are right on equally many images.")]
    [InlineData(1, 7, $"B is better: {Odds} 4 of 100 such comparisons.")]
    [InlineData(10, 1, $"A is better: {Odds} 6 of 1,000 such comparisons.")]
    [InlineData(0, 30, $"B is better: {Odds} fewer than 1 of 1,000 such comparisons.")]
    [InlineData(2, 6, $"No significant difference: {Odds} 18 of 100 such comparisons.")]
    public void A_sentence_says_which_is_better_and_how_often_chance_would_do_that(long onlyFirst, long onlySecond, string expected) =>
        Assert.Equal(expected, ComparisonText.Verdict(new ClassifierComparison
        {
            First = null!, Second = null!, Differences = [],
            BothCorrect = 50, OnlyFirst = onlyFirst, OnlySecond = onlySecond, BothWrong = 3,
        }));
}
