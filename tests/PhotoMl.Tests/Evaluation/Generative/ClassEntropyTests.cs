using PhotoMl.Evaluation;

namespace PhotoMl.Tests.Evaluation;

public sealed class ClassEntropyTests
{
    [Fact]
    public void Entropies_are_those_worked_out_by_hand()
    {
        Assert.Equal(2.302585, ClassEntropy.Of([7, 7, 7, 7, 7, 7, 7, 7, 7, 7]), 6); // ln 10
        Assert.Equal(0, ClassEntropy.Of([0, 12, 0]));
        Assert.Equal(0.693147, ClassEntropy.Of([5, 0, 5]), 6); // ln 2
        Assert.Equal(1.039721, ClassEntropy.Of([2, 1, 1]), 6); // 1/2 ln 2 + 2 * 1/4 ln 4 = 3/2 ln 2
    }

    [Fact]
    public void Counts_of_nothing_or_below_nothing_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ClassEntropy.Of([]));
        Assert.Throws<ArgumentException>(() => ClassEntropy.Of([0, 0]));
        Assert.Throws<ArgumentException>(() => ClassEntropy.Of([3, -1]));
    }
}
