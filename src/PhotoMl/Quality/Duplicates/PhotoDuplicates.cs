using PhotoMl.Data;
using Group = (PhotoMl.Quality.DuplicateKind Kind, System.Collections.Generic.IReadOnlyList<int> Photos);
using Pair = (int First, int Second, PhotoMl.Quality.DuplicateKind Kind, int Bits);

namespace PhotoMl.Quality;

/// <summary>Which photos of a collection are the same, or nearly, or belong to one moment.</summary>
internal sealed class PhotoDuplicates
{
    /// <summary>In how many of the 128 bits of their hash two photos may differ and still count as one.</summary>
    /// <remarks>Measured on 3,409 photos of clothes and on eight changed copies of 200 of them, by the test
    /// <c>PerceptualHashMeasurement</c>, where the finer bits agree too. Of the copies, within 14, 18 and 22 bits lie: JPEG of quality 40
    /// or 80, half the size, and darker by a fifth: all; a quarter of the size: 99.5 %; brighter by a fifth: 99.5, 100 and 100 %; 2 % cut
    /// off each way: 94.5, 98.5 and 99 %; 4 % cut off: 37, 67.5 and 86 %. Of the 5.8 million pairs of photos 1, 4 and 11 lie as near; one
    /// is the same photo, filed under two classes, and the others are alike in shape only.</remarks>
    internal const int NearDuplicateBits = 18;

    /// <summary>In how many of the 128 bits above them two photos may differ and still count as one; in fewer where they show little, for
    /// pages of a few lines and lamps in the dark have the same low frequencies.</summary>
    /// <remarks>Of 100 copies of clothes with 2 % cut off none differs in more than 32. Of pages with 5 to 15 lines of other words, which
    /// agree in the low frequencies in 9 to 73 % of all pairs, none differs in fewer than 16; of the same pages in half the size, darker,
    /// or as JPEG of quality 40 none in more than 11.</remarks>
    private const int FineBits = 36;
    private const int FineBitsOfBlank = 12;
    private const double BlankContrast = 18.0 / 255;

    /// <summary>In how many bits a photo may differ from the first of its group, or a shot from the last of its burst.</summary>
    /// <remarks>Of clothes moved by up to 4 %, turned by up to 2 degrees and enlarged or reduced by up to 3 %, as by a hand between two
    /// shots, 95 % lie within 40 bits, and of the pairs of different photos 0.16 %.</remarks>
    private const int AlikeBits = 40;

    // The longest pause between two shots of one burst, and the longest burst; what goes on longer is a time lapse.
    private const int PauseSeconds = 3;
    private const int BurstSeconds = 20;

    // A camera takes no more shots a second, and sees no more unlike scenes at one time and one more with each second: where it does, the
    // dates are its clock's default.
    private const int ShotsPerSecond = 30;
    private const int ScenesAtOnce = 3;

    // So many different times without seconds are no chance: the clock has none.
    private const int FewestTimes = 3;

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
            (one, other, bits) =>
            {
                if (AreNear(photos[one], photos[other]))
                {
                    Add(one, other, bits, IsSameFile(one, other) ? DuplicateKind.ExactCopy : DuplicateKind.NearDuplicate);
                }
            },
            cancellationToken);
        foreach (var (photo, first) in Enumerable.Range(0, photos.Count).GroupBy(Find).SelectMany(group => Divide(group)).ToList())
        {
            _parents[photo] = first;
        }

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

    private bool IsSameFile(int first, int second) =>
        _photos[first].Sha256.Length > 0 && _photos[first].Sha256 == _photos[second].Sha256;

    /// <summary>Equal files, by their hash; this finds those too that show nothing or cannot be decoded.</summary>
    private List<Group> FindCopies()
    {
        var hashes = _photos.Select((photo, index) => (index, photo.Sha256)).Where(photo => photo.Sha256.Length > 0);
        var groups = GroupsOf(DuplicateKind.ExactCopy, hashes).ToList();

        // Not all pairs, of which a folder of one file's copies has too many: the first of each split and label is enough to report the
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
        var bursts = new List<(int Photo, int First)>();

        // A clock that nobody has set begins on a first of January at midnight.
        var dated = _photos.Index()
            .Where(photo => photo.Item is { Camera: not null, Taken: not null and not { Month: 1, Day: 1, Hour: 0, Minute: 0 } })
            .OrderBy(photo => photo.Item.Taken);
        foreach (var camera in dated.GroupBy(photo => photo.Item.Camera, photo => (photo.Index, Taken: photo.Item.Taken!.Value)))
        {
            var shots = camera.ToArray();
            var times = shots.Select(shot => shot.Taken).Distinct().ToList();
            var hasSeconds = times.Count < FewestTimes || times.Exists(time => time.Second > 0);
            for (int start = 0, end; hasSeconds && start < shots.Length; start = end)
            {
                end = start + 1;
                while (end < shots.Length && (shots[end].Taken - shots[end - 1].Taken).TotalSeconds <= PauseSeconds)
                {
                    end++;
                }

                var seconds = (shots[end - 1].Taken - shots[start].Taken).TotalSeconds;
                var isShort = seconds <= BurstSeconds && end - start <= ShotsPerSecond * (seconds + 1);
                var scenes = isShort ? Divide(shots[start..end].Select(shot => shot.Index), isBurst: true).ToList() : [];
                bursts.AddRange(scenes.CountBy(shot => shot.First).Count() > ScenesAtOnce + seconds ? [] : scenes);
            }
        }

        foreach (var (photo, first) in bursts.Where(shot => shot.Photo != shot.First))
        {
            Add(photo, first, BitsBetween(_photos[photo], _photos[first]), DuplicateKind.Burst);
        }

        return GroupsOf(DuplicateKind.Burst, bursts.Order());
    }

    /// <summary>Gives each photo with the first one of those that it is like: in a burst like the last of them, elsewhere like the first,
    /// for a chain of photos, each like the one before, has unlike ends, and may be a whole collection.</summary>
    private IEnumerable<(int Photo, int First)> Divide(IEnumerable<int> photos, bool isBurst = false)
    {
        var groups = new List<(int First, int Compared)>();
        foreach (var photo in photos)
        {
            var at = groups.FindIndex(group => IsSameFile(photo, group.Compared) || AreAlike(_photos[photo], _photos[group.Compared]));
            if (at < 0)
            {
                at = groups.Count;
                groups.Add((photo, photo));
            }

            groups[at] = (groups[at].First, isBurst ? photo : groups[at].First);
            yield return (photo, groups[at].First);
        }
    }

    /// <summary>Whether two photos count as one.</summary>
    internal static bool AreNear(PhotoInfo first, PhotoInfo second) =>
        BitsBetween(first, second) <= NearDuplicateBits && AreFinerPartsNear(first, second);

    internal static bool AreFinerPartsNear(PhotoInfo first, PhotoInfo second) =>
        PerceptualHash.Distance(first.FineHash, second.FineHash) <= (AreBlank(first, second) ? FineBitsOfBlank : FineBits);

    private static bool AreAlike(PhotoInfo first, PhotoInfo second) =>
        AreNear(first, second) || (!AreBlank(first, second) && BitsBetween(first, second) <= AlikeBits);

    private static bool AreBlank(PhotoInfo first, PhotoInfo second) => Math.Min(first.Contrast, second.Contrast) < BlankContrast;

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
        if (a.Problem is not null)
        {
            return; // an exact copy, like the other: neither is ever loaded
        }

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
