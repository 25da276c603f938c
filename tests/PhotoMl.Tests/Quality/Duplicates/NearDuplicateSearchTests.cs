using System.Diagnostics;
using Xunit.Abstractions;

namespace PhotoMl.Tests.Quality;

public sealed class NearDuplicateSearchTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_pair_within_the_limit_is_found_once_and_no_other()
    {
        var random = new DeterministicRandom(1, 1);
        var hashes = Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? (UInt128?)null : new UInt128(random.NextUInt64() & 0xFF, 0)).ToArray();
        var found = new List<(int, int, int)>();
        NearDuplicateSearch.ForEachPair(hashes, 2, (first, second, bits) => found.Add((first, second, bits)));

        var expected =
            from first in Enumerable.Range(0, 200)
            from second in Enumerable.Range(0, first)
            where hashes[first] is not null && hashes[second] is not null
            let bits = PerceptualHash.Distance(hashes[first]!.Value, hashes[second]!.Value)
            where bits <= 2
            select (first, second, bits);
        Assert.Equal(expected, found.Order());
    }

    [Fact]
    public void A_search_can_be_stopped() => Assert.ThrowsAny<OperationCanceledException>(() =>
        NearDuplicateSearch.ForEachPair([.. Enumerable.Repeat<UInt128?>(1, 10)], 2, (_, _, _) => { }, new CancellationToken(canceled: true)));

    [SlowFact]
    public void Fifty_thousand_photos_take_seconds()
    {
        var random = new DeterministicRandom(1, 1);
        var hashes = Enumerable.Range(0, 50_000).Select(_ => (UInt128?)new UInt128(random.NextUInt64(), random.NextUInt64())).ToArray();
        var clock = Stopwatch.StartNew();
        NearDuplicateSearch.ForEachPair(hashes, 16, (_, _, _) => { });

        output.WriteLine($"{clock.Elapsed.TotalSeconds:F2} s");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void Sets_grow_together_and_are_numbered_by_their_first_members()
    {
        var sets = new DisjointSets(6);
        sets.Union(4, 2);
        sets.Union(5, 1);
        sets.Union(2, 5);

        Assert.Equal([0, 1, 1, 2, 1, 1], sets.ToGroups());
        Assert.Equal([1, 2, 4, 5], Assert.Single(sets.ToList()));
    }
}
