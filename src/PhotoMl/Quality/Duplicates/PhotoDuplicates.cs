using PhotoMl.Data;
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
    private readonly DisjointSets _alike;

    private PhotoDuplicates(IReadOnlyList<PhotoInfo> photos)
    {
        _photos = photos;
        _leaks = new Pair?[photos.Count];
        _conflicts = new Pair?[photos.Count];
        _alike = new DisjointSets(photos.Count);
    }

    public IReadOnlyList<(DuplicateKind Kind, IReadOnlyList<int> Photos)> Groups { get; private set; } = [];

    /// <summary>For each photo that is held out, the one most like it among those that come before: training before validation before
    /// test.</summary>
    public IReadOnlyList<Pair> Leaks { get; private set; } = [];

    /// <summary>For each photo that is also there under another label, the one most like it.</summary>
    public IReadOnlyList<Pair> Conflicts { get; private set; } = [];

    /// <summary>The group of each photo, from 0; a photo like no other is a group of its own.</summary>
    public int[] GroupOf { get; private set; } = [];

    public static PhotoDuplicates Find(IReadOnlyList<PhotoInfo> photos, CancellationToken cancellationToken)
    {
        var duplicates = new PhotoDuplicates(photos);
        duplicates.Run(cancellationToken);
        return duplicates;
    }

    private void Run(CancellationToken cancellationToken)
    {
        var copies = FindCopies();
        NearDuplicateSearch.ForEachPair(
            [.. _photos.Select(photo => photo.Hash)],
            NearDuplicateBits,
            (one, other, bits) => Add(one, other, bits, IsSameFile(one, other) ? DuplicateKind.ExactCopy : DuplicateKind.NearDuplicate),
            cancellationToken);
        var near = _alike.ToList().Where(set => !set.All(i => IsSameFile(i, set[0])))
            .Select(set => (DuplicateKind.NearDuplicate, (IReadOnlyList<int>)set)).ToList();
        Groups = [.. copies, .. near, .. FindBursts()];
        Leaks = [.. MostAlikeFirst(_leaks).OrderByDescending(pair => _photos[pair.First].Split)];
        Conflicts = [.. MostAlikeFirst(_conflicts).DistinctBy(Ends)];
        GroupOf = _alike.ToGroups();
    }

    private static (int Lower, int Higher) Ends(Pair pair) =>
        (Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second));

    private static IEnumerable<Pair> MostAlikeFirst(Pair?[] pairs) =>
        pairs.OfType<Pair>().OrderBy(pair => pair.Kind).ThenBy(pair => pair.Bits);

    private bool IsSameFile(int first, int second) => _photos[first].Sha256 == _photos[second].Sha256;

    /// <summary>Equal files, by their hash; this finds those too that show nothing or cannot be decoded.</summary>
    private List<(DuplicateKind Kind, IReadOnlyList<int> Photos)> FindCopies()
    {
        var groups = new List<(DuplicateKind Kind, IReadOnlyList<int> Photos)>();
        var read = _photos.Index().Where(entry => entry.Item.Sha256.Length > 0);
        foreach (var same in read.GroupBy(entry => entry.Item.Sha256, entry => entry.Index))
        {
            var copies = same.ToArray();
            if (copies.Length < 2)
            {
                continue;
            }

            groups.Add((DuplicateKind.ExactCopy, copies));

            // Not all pairs, of which a folder of one file's copies has too many: the first of each split and label is enough to tell on
            // the others.
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

    private List<(DuplicateKind Kind, IReadOnlyList<int> Photos)> FindBursts()
    {
        var sets = new DisjointSets(_photos.Count);
        var dated = _photos.Index().Where(entry => entry.Item is { Taken: not null, Camera: not null });
        foreach (var camera in dated.GroupBy(entry => entry.Item.Camera))
        {
            var shots = camera.OrderBy(entry => entry.Item.Taken).ToArray();
            for (var i = 1; i < shots.Length; i++)
            {
                if (shots[i].Item.Taken - shots[i - 1].Item.Taken <= TimeSpan.FromSeconds(BurstSeconds))
                {
                    sets.Union(shots[i].Index, shots[i - 1].Index);
                    Add(shots[i].Index, shots[i - 1].Index, BitsBetween(shots[i].Item, shots[i - 1].Item), DuplicateKind.Burst);
                }
            }
        }

        return [.. sets.ToList().Select(set => (DuplicateKind.Burst, (IReadOnlyList<int>)set))];
    }

    private static int BitsBetween(PhotoInfo first, PhotoInfo second) =>
        first.Hash is { } hash && second.Hash is { } other ? PerceptualHash.Distance(hash, other) : PerceptualHash.Bits;

    private void Add(int first, int second, int bits, DuplicateKind kind)
    {
        _alike.Union(first, second);
        var (a, b) = (_photos[first], _photos[second]);
        if (a.Class != b.Class && kind != DuplicateKind.Burst)
        {
            KeepNearest(_conflicts, Math.Min(first, second), Math.Max(first, second), bits, kind);
            KeepNearest(_conflicts, Math.Max(first, second), Math.Min(first, second), bits, kind);
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
