using System.Diagnostics;
using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Examines a collection of photos before anything is trained on it.</summary>
/// <remarks>
/// Files are opened for reading only; nothing is written, moved or deleted. Each photo is read once, and of it only figures are kept, about half a
/// kilobyte: a collection larger than memory can be checked.
/// </remarks>
public static class PhotoCheck
{
    /// <summary>Examines every photo of a list, and compares them.</summary>
    /// <param name="photos">The photos, such as <see cref="PhotoFolder.Open"/> finds them.</param>
    /// <param name="options">What counts as worth a look; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Told after every photo; from several threads, but one at a time.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>What was found; whatever is wrong with a photo is told, not thrown.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PhotoCheckReport Run(
        PhotoList photos, PhotoCheckOptions? options = null, IProgress<PhotoCheckProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photos);
        options ??= new PhotoCheckOptions();
        var clock = Stopwatch.StartNew();
        var facts = Examine(photos.Photos, options.Threads, progress, cancellationToken);
        var duplicates = PhotoDuplicates.Find(facts, options, cancellationToken);
        return new PhotoCheckReport
        {
            Source = photos.Source,
            Photos = facts,
            Classes = CountClasses(photos.ClassNames, facts),
            Problems = photos.Problems,
            Suspicions = PhotoSuspicions.Find(facts, options),
            Groups = duplicates.Groups,
            GroupOf = duplicates.GroupOf,
            Leaks = duplicates.Leaks,
            LabelConflicts = duplicates.Conflicts,
            Duration = clock.Elapsed,
        };
    }

    private static PhotoFacts[] Examine(
        IReadOnlyList<PhotoEntry> photos, int threads, IProgress<PhotoCheckProgress>? progress, CancellationToken cancellationToken)
    {
        var facts = new PhotoFacts[photos.Count];
        var gate = new Lock();
        var (done, unreadable) = (0, 0);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, photos.Count, parallel, i =>
        {
            facts[i] = PhotoExaminer.Examine(photos[i]);
            lock (gate)
            {
                done++;
                unreadable += facts[i].Problem is null ? 0 : 1;
                progress?.Report(new PhotoCheckProgress(done, photos.Count, unreadable));
            }
        });
        return facts;
    }

    private static PhotoClassCounts[] CountClasses(IReadOnlyList<string> names, PhotoFacts[] photos)
    {
        var counts = new int[names.Count, Enum.GetValues<PhotoSplit>().Length];
        var unreadable = new int[names.Count];
        foreach (var photo in photos)
        {
            if (photo.Problem is null)
            {
                counts[photo.Photo.Label, (int)photo.Photo.Split]++;
            }
            else
            {
                unreadable[photo.Photo.Label]++;
            }
        }

        return [.. names.Select((name, label) => new PhotoClassCounts(
            name,
            counts[label, (int)PhotoSplit.Unassigned],
            counts[label, (int)PhotoSplit.Train],
            counts[label, (int)PhotoSplit.Validation],
            counts[label, (int)PhotoSplit.Test],
            unreadable[label]))];
    }
}
