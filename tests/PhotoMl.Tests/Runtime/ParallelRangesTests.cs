using System.Collections.Concurrent;
using PhotoMl.Runtime;

namespace PhotoMl.Tests.Runtime;

public sealed class ParallelRangesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void A_part_does_its_own_work_in_one_part_on_its_own_thread(int count)
    {
        using var threads = new TorchThreads(3);
        ConcurrentBag<(int Part, int Start, int End)> parts = [];
        ParallelRanges.For(count, (part, start, end) => parts.Add((part, start, end)));
        Assert.Equal(Enumerable.Range(0, 3), parts.Select(part => part.Part).Order());
        Assert.Equal(
            Enumerable.Range(0, count),
            parts.OrderBy(part => part.Part).SelectMany(part => Enumerable.Range(part.Start, part.End - part.Start)));

        ParallelRanges.For(3, (_, _, _) =>
        {
            var thread = Environment.CurrentManagedThreadId;
            ConcurrentBag<(int Part, int Start, int End)> nested = [];
            ParallelRanges.For(count, (part, start, end) =>
            {
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                nested.Add((part, start, end));
            });
            Assert.Equal([(0, 0, count)], nested);
            Assert.Equal((1, 1), (ParallelRanges.Parts, get_num_threads()));
        });
        Assert.Equal((3, 3), (ParallelRanges.Parts, get_num_threads()));
    }

    [Fact]
    public void What_a_part_throws_reaches_the_caller_and_the_other_parts_and_the_next_range_run_as_ever()
    {
        using var threads = new TorchThreads(3);
        ConcurrentBag<int> finished = [];
        Assert.Throws<InvalidTimeZoneException>(() => ParallelRanges.For(3, (part, _, _) =>
        {
            if (part == 1)
            {
                throw new InvalidTimeZoneException();
            }

            finished.Add(part);
        }));
        Assert.Equal([0, 2], finished.Order());

        ConcurrentBag<int> used = [];
        using var all = new CountdownEvent(3);
        ParallelRanges.For(3, (_, _, _) =>
        {
            used.Add(Environment.CurrentManagedThreadId);
            all.Signal();
            all.Wait(TimeSpan.FromSeconds(10));
        });
        Assert.Equal(3, used.Distinct().Count());
    }
}
