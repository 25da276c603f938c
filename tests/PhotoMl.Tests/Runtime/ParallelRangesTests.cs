using PhotoMl.Runtime;

namespace PhotoMl.Tests.Runtime;

public sealed class ParallelRangesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Each_index_is_in_one_part_also_where_a_part_splits_its_own(int count)
    {
        var visits = new int[count];
        ParallelRanges.For(count, (_, start, end) => ParallelRanges.For(end - start, (_, first, last) =>
        {
            for (var i = start + first; i < start + last; i++)
            {
                Interlocked.Increment(ref visits[i]);
            }
        }));
        Assert.All(visits, visit => Assert.Equal(1, visit));
    }

    [Fact]
    public void What_the_body_throws_reaches_the_caller_and_the_next_range_is_computed()
    {
        var thrown = Assert.ThrowsAny<Exception>(() => ParallelRanges.For(100, (_, _, _) => throw new InvalidOperationException("no")));
        Assert.Contains("no", thrown.Message);
        Each_index_is_in_one_part_also_where_a_part_splits_its_own(100);
    }
}
