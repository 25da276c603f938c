namespace PhotoMl.Quality;

/// <summary>Numbers that are put together set by set (union-find with path halving and union by size; R. E. Tarjan, J. van Leeuwen, 1984).</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parents;
    private readonly int[] _sizes;

    /// <summary>Makes a set of each number below a count.</summary>
    public DisjointSets(int count)
    {
        _parents = [.. Enumerable.Range(0, count)];
        _sizes = new int[count];
        Array.Fill(_sizes, 1);
    }

    /// <summary>Puts the sets of two numbers together.</summary>
    public void Union(int first, int second)
    {
        var (larger, smaller) = (Find(first), Find(second));
        if (larger == smaller)
        {
            return;
        }

        if (_sizes[larger] < _sizes[smaller])
        {
            (larger, smaller) = (smaller, larger);
        }

        _parents[smaller] = larger;
        _sizes[larger] += _sizes[smaller];
    }

    /// <summary>The number that stands for a number's set.</summary>
    public int Find(int item)
    {
        while (_parents[item] != item)
        {
            item = _parents[item] = _parents[_parents[item]];
        }

        return item;
    }

    /// <summary>Numbers the sets from 0 in the order of their first members.</summary>
    /// <returns>The set of each number.</returns>
    public int[] ToGroups()
    {
        var groups = new Dictionary<int, int>();
        var result = new int[_parents.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var root = Find(i);
            if (!groups.TryGetValue(root, out result[i]))
            {
                groups[root] = result[i] = groups.Count;
            }
        }

        return result;
    }

    /// <summary>The sets of more than one number, each ascending, in the order of their first members.</summary>
    public List<int[]> ToList() =>
        [.. ToGroups().Index().GroupBy(entry => entry.Item, entry => entry.Index).Where(set => set.Skip(1).Any()).Select(set => set.ToArray())];
}
