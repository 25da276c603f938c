namespace PhotoMl.Data;

/// <summary>Which photos of a collection are trained on, which choose the best epoch, and which judge.</summary>
/// <param name="Train">The indices of the photos to train on, ascending.</param>
/// <param name="Validation">The indices of those to choose the best epoch by, ascending.</param>
/// <param name="Test">The indices of those to judge by, ascending; empty where the collection has none.</param>
/// <param name="IsValidationGiven">Whether the collection itself says which photos are for validation.</param>
public sealed record PhotoPartition(long[] Train, long[] Validation, long[] Test, bool IsValidationGiven)
{
    /// <summary>Divides a collection: as it says itself, and where it names no photo for validation, by a share of those to train on.</summary>
    /// <param name="photos">The photos.</param>
    /// <param name="validationShare">The share of the photos to train on that is set aside, in [0, 1); it counts only where none is given.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="groups">
    /// The group of each photo, none of which is torn apart, such as <see cref="PhotoCheckReport.GroupOf"/>; <see langword="null"/> draws photo by photo.
    /// </param>
    /// <param name="isUsable">Tells of a photo's index whether it is to be used, such as whether it can be read; <see langword="null"/> uses all.</param>
    /// <returns>The three sides; no photo is on two.</returns>
    /// <exception cref="ArgumentException">There are not as many groups as photos, or the share is out of range.</exception>
    public static PhotoPartition Of(
        IReadOnlyList<PhotoEntry> photos, double validationShare, long seed, IReadOnlyList<int>? groups = null, Func<int, bool>? isUsable = null)
    {
        ArgumentNullException.ThrowIfNull(photos);
        if (groups is not null && groups.Count != photos.Count)
        {
            throw new ArgumentException($"Expected the group of each of {photos.Count} photos but got {groups.Count}.", nameof(groups));
        }

        var sides = Enumerable.Range(0, photos.Count).Where(i => isUsable?.Invoke(i) ?? true)
            .ToLookup(i => photos[i].Split == PhotoSplit.Unassigned ? PhotoSplit.Train : photos[i].Split, i => (long)i);
        long[] train = [.. sides[PhotoSplit.Train]];
        long[] test = [.. sides[PhotoSplit.Test]];
        if (sides.Contains(PhotoSplit.Validation))
        {
            return new PhotoPartition(train, [.. sides[PhotoSplit.Validation]], test, IsValidationGiven: true);
        }

        var labels = Array.ConvertAll(train, i => (long)photos[(int)i].Label);
        var (kept, setAside) = Split(labels, groups is null ? null : Array.ConvertAll(train, i => groups[(int)i]), validationShare, seed);
        return new PhotoPartition(Array.ConvertAll(kept, i => train[i]), Array.ConvertAll(setAside, i => train[i]), test, IsValidationGiven: false);
    }

    private static (long[] Train, long[] Validation) Split(long[] labels, int[]? groups, double share, long seed)
    {
        if (groups is null)
        {
            var random = StratifiedSplit.ByFraction(labels, share, seed);
            return (random.Train, random.Validation);
        }

        var grouped = GroupedSplit.ByFraction(labels, groups, share, seed);
        return (grouped.Train, grouped.Validation);
    }
}
