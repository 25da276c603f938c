using PhotoMl.Data;
using Group = (PhotoMl.Quality.DuplicateKind Kind, System.Collections.Generic.IReadOnlyList<int> Photos);
using Pair = (int First, int Second, PhotoMl.Quality.DuplicateKind Kind, int Bits);

namespace PhotoMl.Quality;

/// <summary>Which photos of a collection are the same, or nearly, or belong to one moment.</summary>
internal sealed class PhotoDuplicates
{
    /// <summary>In how many of the 128 bits of their hash two photos may differ and still count as one.</summary>
    /// <remarks>Measured on 3,409 photos of clothes and on eight changed copies of 200 of them, by the test
    /// <c>PerceptualHashMeasurement</c>. Of the copies, within 12, 16 and 20 bits lie: JPEG of quality 40 or 80, half the size, and darker
    /// by a fifth: all; a quarter of the size: 98.5, 99.5 and 99.5 %; brighter by a fifth: 99.5, 99.5 and 100 %; 2 % cut off each way: 89,
    /// 99 and 100 %; 4 % cut off: 20, 56 and 84 %. Of the 5.8 million pairs of photos 1, 3 and 23 lie as near; of the 3 one is the same
    /// photo, filed under two classes, and the others are alike in shape only.</remarks>
    internal const int NearDuplicateBits = 16;

    // The longest pause between two shots of one burst.
    private const int BurstSeconds = 3;

    private readonly IReadOnlyList<PhotoInfo> _photos;
    private readonly Pair?[] _leaks;
    private readonly Pair?[] _conflicts;

    // Those that are alike lead to one of them (union-find with path halving; R. E. Tarjan, J. van Leeuwen, 1984).
    private readonly int[] _parents;

    public PhotoDuplicates(IReadOnlyList<PhotoInfo> photos, CancellationToken cancellationToken)
    {
        (_photos, _leaks, _conflicts) = (photos, new Pair?[photos.Count], new Pair?[photos.Count]);
        _parents = [.. Enumerable.Range(0, photos.Count)];
        var copies = FindCopies();
        PerceptualHash.ForEachPair(
            [.. photos.Select(photo => photo.Hash)],
            NearDuplicateBits,
            (one, other, bits) => Add(one, other, bits, IsSameFile(one, other) ? DuplicateKind.ExactCopy : DuplicateKind.NearDuplicate),
            cancellationToken);
        var near = GroupsOf(DuplicateKind.NearDuplicate, _parents.Select((_, i) => (i, Find(i))))
            .Where(group => !group.Photos.All(i => IsSameFile(i, group.Photos[0])))
            .ToList();
        Groups = [.. copies, .. near, .. FindBursts()];
        Leaks = [.. MostAlikeFirst(_leaks).OrderByDescending(pair => photos[pair.First].Split)];
        Conflicts = [.. MostAlikeFirst(_conflicts).DistinctBy(pair => (Math.Min(pair.First, pair.Second), pair.First + pair.Second))];

        int[] roots = [.. _parents.Select((_, i) => Find(i))];
        var numbers = roots.Distinct().Index().ToDictionary(root => root.Item, root => root.Index);
        GroupOf = [.. roots.Select(root => numbers[root])];
    }

    public IReadOnlyList<Group> Groups { get; }

    /// <summary>For each photo that is held out, the one most like it among those that come before: training before validation before
    /// test.</summary>
    public IReadOnlyList<Pair> Leaks { get; }

    /// <summary>For each photo that is also there under another label, the one most like it.</summary>
    public IReadOnlyList<Pair> Conflicts { get; }

    /// <summary>The group of each photo, from 0; a photo like no other is a group of its own.</summary>
    public int[] GroupOf { get; }

    private static IEnumerable<Pair> MostAlikeFirst(Pair?[] pairs) =>
        pairs.OfType<Pair>().OrderBy(pair => pair.Kind).ThenBy(pair => pair.Bits);

    private static IEnumerable<Group> GroupsOf<T>(DuplicateKind kind, IEnumerable<(int Photo, T Key)> photos) => photos
        .GroupBy(photo => photo.Key, photo => photo.Photo)
        .Where(group => group.Count() > 1)
        .Select(group => (kind, (IReadOnlyList<int>)[.. group]));

    private bool IsSameFile(int first, int second) => _photos[first].Sha256 == _photos[second].Sha256;

    /// <summary>Equal files, by their hash; this finds those too that show nothing or cannot be decoded.</summary>
    private List<Group> FindCopies()
    {
        var hashes = _photos.Select((photo, index) => (index, photo.Sha256)).Where(photo => photo.Sha256.Length > 0);
        var groups = GroupsOf(DuplicateKind.ExactCopy, hashes).ToList();

        // Not all pairs, of which a folder of one file's copies has too many: the first of each split and label is enough to tell on the
        // others.
        foreach (var (_, copies) in groups)
        {
            foreach (var first in copies.DistinctBy(i => (_photos[i].Split, _photos[i].Class)))
            {
                foreach (var copy in copies.Where(i => i != first))
                {
                    Add(copy, first, 0, DuplicateKind.ExactCopy);
                }
            }
        }

        return groups;
    }

    private IEnumerable<Group> FindBursts()
    {
        var bursts = new List<(int Photo, int Burst)>();
        var dated = _photos.Index().Where(photo => photo.Item is { Taken: not null, Camera: not null }).OrderBy(photo => photo.Item.Taken);
        foreach (var camera in dated.GroupBy(photo => photo.Item.Camera))
        {
            var shots = camera.ToArray();
            foreach (var (i, (index, shot)) in shots.Index())
            {
                var isNew = i == 0 || shot.Taken - shots[i - 1].Item.Taken > TimeSpan.FromSeconds(BurstSeconds);
                bursts.Add((index, isNew ? bursts.Count : bursts[^1].Burst));
                if (!isNew)
                {
                    Add(index, shots[i - 1].Index, BitsBetween(shot, shots[i - 1].Item), DuplicateKind.Burst);
                }
            }
        }

        return GroupsOf(DuplicateKind.Burst, bursts.Order());
    }

    private static int BitsBetween(PhotoInfo first, PhotoInfo second) =>
        first.Hash is { } hash && second.Hash is { } other ? PerceptualHash.Distance(hash, other) : PerceptualHash.Bits;

    private int Find(int photo)
    {
        while (_parents[photo] != photo)
        {
            photo = _parents[photo] = _parents[_parents[photo]];
        }

        return photo;
    }

    private void Add(int first, int second, int bits, DuplicateKind kind)
    {
        var (one, another) = (Find(first), Find(second));
        _parents[Math.Max(one, another)] = Math.Min(one, another);
        var (a, b) = (_photos[first], _photos[second]);
        if (a.Class != b.Class && kind != DuplicateKind.Burst)
        {
            KeepNearest(_conflicts, first, second, bits, kind);
            KeepNearest(_conflicts, second, first, bits, kind);
        }

        if (a.Split != b.Split && a.Split != DatasetSplits.None && b.Split != DatasetSplits.None)
        {
            var (held, other) = a.Split > b.Split ? (first, second) : (second, first);
            KeepNearest(_leaks, held, other, bits, kind);
        }
    }

    // Ties go to the lower index, so that the threads' order does not show.
    private static void KeepNearest(Pair?[] pairs, int at, int other, int bits, DuplicateKind kind)
    {
        if (pairs[at] is not { } known || (kind, bits, other).CompareTo((known.Kind, known.Bits, known.Second)) < 0)
        {
            pairs[at] = (at, other, kind, bits);
        }
    }
}
