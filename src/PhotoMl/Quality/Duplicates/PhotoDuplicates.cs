using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Which photos of a collection are the same, or nearly, or belong to one moment.</summary>
internal sealed class PhotoDuplicates
{
    private readonly IReadOnlyList<PhotoFacts> _photos;
    private readonly PhotoPair?[] _leaks;
    private readonly PhotoPair?[] _conflicts;
    private readonly DisjointSets _alike;

    private PhotoDuplicates(IReadOnlyList<PhotoFacts> photos)
    {
        _photos = photos;
        _leaks = new PhotoPair?[photos.Count];
        _conflicts = new PhotoPair?[photos.Count];
        _alike = new DisjointSets(photos.Count);
    }

    /// <summary>Equal files, then photos that look alike, then bursts.</summary>
    public IReadOnlyList<PhotoGroup> Groups { get; private set; } = [];

    /// <summary>For each photo that is judged by, the one most like it among those that come before: training before validation before test.</summary>
    public IReadOnlyList<PhotoPair> Leaks { get; private set; } = [];

    /// <summary>For each photo that is also there under another label, the one most like it.</summary>
    public IReadOnlyList<PhotoPair> Conflicts { get; private set; } = [];

    /// <summary>The group of each photo, from 0; a photo like no other is a group of its own.</summary>
    public int[] GroupOf { get; private set; } = [];

    public static PhotoDuplicates Find(IReadOnlyList<PhotoFacts> photos, PhotoCheckOptions options, CancellationToken cancellationToken)
    {
        var duplicates = new PhotoDuplicates(photos);
        duplicates.Run(options, cancellationToken);
        return duplicates;
    }

    private void Run(PhotoCheckOptions options, CancellationToken cancellationToken)
    {
        var copies = FindCopies();
        HashSearch.ForEachPair(
            [.. _photos.Select(photo => photo.Hash)],
            options.NearDuplicateBits,
            options.Threads,
            (first, second, bits) => Add(first, second, bits, _photos[first].Sha256 == _photos[second].Sha256 ? PhotoLikeness.ExactCopy : PhotoLikeness.NearDuplicate),
            cancellationToken);
        var near = _alike.ToList().Where(set => set.Any(i => _photos[i].Sha256 != _photos[set[0]].Sha256))
            .Select(set => new PhotoGroup(PhotoLikeness.NearDuplicate, set)).ToList();

        var bursts = FindBursts(options.BurstSeconds);
        Groups = [.. copies, .. near, .. bursts];
        Leaks = [.. _leaks.OfType<PhotoPair>().OrderByDescending(pair => _photos[pair.First].Photo.Split).ThenBy(pair => pair.Likeness).ThenBy(pair => pair.Bits)];
        Conflicts = [.. _conflicts.OfType<PhotoPair>().OrderBy(pair => pair.Likeness).ThenBy(pair => pair.Bits).DistinctBy(Ends)];
        GroupOf = _alike.ToGroups();
    }

    private static (int Lower, int Higher) Ends(PhotoPair pair) => (Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second));

    /// <summary>Equal files, by their hash; this finds those too that show nothing or cannot be decoded.</summary>
    private List<PhotoGroup> FindCopies()
    {
        var groups = new List<PhotoGroup>();
        foreach (var same in _photos.Index().Where(entry => entry.Item.Sha256.Length > 0).GroupBy(entry => entry.Item.Sha256, entry => entry.Index))
        {
            var copies = same.ToArray();
            if (copies.Length < 2)
            {
                continue;
            }

            groups.Add(new PhotoGroup(PhotoLikeness.ExactCopy, copies));
            Unite(copies);

            // Not all pairs, of which a folder of one file's copies has too many: the first of each split and label is enough to tell on the others.
            foreach (var kind in copies.DistinctBy(i => (_photos[i].Photo.Split, _photos[i].Photo.Label)))
            {
                foreach (var copy in copies.Where(i => i != kind))
                {
                    Add(copy, kind, 0, PhotoLikeness.ExactCopy);
                }
            }
        }

        return groups;
    }

    private List<PhotoGroup> FindBursts(int seconds)
    {
        var sets = new DisjointSets(_photos.Count);
        foreach (var camera in _photos.Index().Where(entry => seconds > 0 && entry.Item is { Taken: not null, Camera: not null }).GroupBy(entry => entry.Item.Camera))
        {
            var shots = camera.OrderBy(entry => entry.Item.Taken).ToArray();
            for (var i = 1; i < shots.Length; i++)
            {
                if (shots[i].Item.Taken - shots[i - 1].Item.Taken <= TimeSpan.FromSeconds(seconds))
                {
                    sets.Union(shots[i].Index, shots[i - 1].Index);
                    Add(shots[i].Index, shots[i - 1].Index, BitsBetween(shots[i].Item, shots[i - 1].Item), PhotoLikeness.Burst);
                }
            }
        }

        return [.. sets.ToList().Select(set => new PhotoGroup(PhotoLikeness.Burst, set))];
    }

    private static int BitsBetween(PhotoFacts first, PhotoFacts second) =>
        first.Hash is { } hash && second.Hash is { } other ? hash.DistanceTo(other) : PerceptualHash.Bits;

    private void Unite(int[] photos)
    {
        foreach (var photo in photos.Skip(1))
        {
            _alike.Union(photos[0], photo);
        }
    }

    private void Add(int first, int second, int bits, PhotoLikeness likeness)
    {
        _alike.Union(first, second);
        var (a, b) = (_photos[first].Photo, _photos[second].Photo);
        if (a.Label != b.Label && likeness != PhotoLikeness.Burst)
        {
            KeepNearest(_conflicts, Math.Min(first, second), Math.Max(first, second), bits, likeness);
            KeepNearest(_conflicts, Math.Max(first, second), Math.Min(first, second), bits, likeness);
        }

        if (a.Split != b.Split && a.Split != PhotoSplit.Unassigned && b.Split != PhotoSplit.Unassigned)
        {
            var (held, other) = a.Split > b.Split ? (first, second) : (second, first);
            KeepNearest(_leaks, held, other, bits, likeness);
        }
    }

    // Ties go to the lower index, so that the threads' order does not show.
    private static void KeepNearest(PhotoPair?[] pairs, int at, int other, int bits, PhotoLikeness likeness)
    {
        if (pairs[at] is not { } known || (likeness, bits, other).CompareTo((known.Likeness, known.Bits, known.Second)) < 0)
        {
            pairs[at] = new PhotoPair(at, other, likeness, bits);
        }
    }
}
