namespace PhotoMl.Data;

/// <summary>Images that stay together.</summary>
/// <param name="Indices">The images, ascending.</param>
/// <param name="ClassCounts">How many are of each class they are of.</param>
internal sealed record LabelledGroup(int[] Indices, (long Label, int Count)[] ClassCounts)
{
    /// <summary>Collects the groups in the order of their first images.</summary>
    public static LabelledGroup[] Collect(ReadOnlySpan<long> labels, ReadOnlySpan<int> groups)
    {
        if (groups.Length != labels.Length)
        {
            throw new ArgumentException($"Expected the group of each of {labels.Length} images but got {groups.Length}.", nameof(groups));
        }

        var members = new Dictionary<int, List<int>>();
        for (var i = 0; i < groups.Length; i++)
        {
            if (!members.TryGetValue(groups[i], out var indices))
            {
                members[groups[i]] = indices = [];
            }

            indices.Add(i);
        }

        var copy = labels.ToArray();
        return
        [
            .. members.Values.OrderBy(indices => indices[0]).Select(indices => new LabelledGroup(
                [.. indices], [.. indices.CountBy(i => copy[i]).OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value))])),
        ];
    }
}
