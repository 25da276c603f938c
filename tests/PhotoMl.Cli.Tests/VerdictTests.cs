using PhotoMl.Cli.Output;
using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Tests;

public class VerdictTests
{
    [Theory]
    [InlineData(0, 0, "No difference: they are right about the very same images.")]
    [InlineData(7, 7, "No difference: they are right about equally many images.")]
    [InlineData(1, 7, "B is better: between two equally good ones a difference this large or larger would come by luck in 4 of 100 such comparisons.")]
    [InlineData(10, 1, "A is better: between two equally good ones a difference this large or larger would come by luck in 6 of 1,000 such comparisons.")]
    [InlineData(0, 30, "B is better: between two equally good ones a difference this large or larger would come by luck in fewer than 1 of 1,000 such comparisons.")]
    [InlineData(2, 6, "No difference that luck would not explain: between two equally good ones one this large or larger would come by luck in 18 of 100 such comparisons.")]
    public void A_sentence_says_who_is_better_and_how_often_luck_would_do_that(long onlyFirst, long onlySecond, string expected) =>
        Assert.Equal(expected, Verdict.Of(new ClassifierComparison { First = null!, Second = null!, BothCorrect = 50, OnlyFirst = onlyFirst, OnlySecond = onlySecond, BothWrong = 3, Differences = [] }));
}
