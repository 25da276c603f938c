namespace PhotoMl.Quality;

/// <summary>Numbers that are put together set by set (union-find with path halving; R. E. Tarjan, J. van Leeuwen, 1984).</summary>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _parents = [.. Enumerable.Range(0, count)];

    public void Union(int first, int second)
    {
        var (one, other) = (Find(first), Find(second));
        _parents[Math.Max(one, other)] = Math.Min(one, other);
    }

    /// <summary>Numbers the sets from 0 in the order of their first members.</summary>
    public int[] ToGroups()
    {
        var groups = new Dictionary<int, int>();
        for (var i = 0; i < _parents.Length; i++)
        {
            groups.TryAdd(Find(i), groups.Count);
        }

        return [.. Enumerable.Range(0, _parents.Length).Select(i => groups[Find(i)])];
    }

    /// <summary>The sets of more than one number, each ascending, in the order of their first members.</summary>
    public List<int[]> ToList() =>
        [.. ToGroups().Index().GroupBy(item => item.Item, item => item.Index).Select(set => set.ToArray()).Where(set => set.Length > 1)];

    private int Find(int item)
    {
        while (_parents[item] != item)
        {
            item = _parents[item] = _parents[_parents[item]];
        }

        return item;
    }
}
