using System.Diagnostics;
using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Examines a collection of photos before anything is trained on it.</summary>
/// <remarks>
/// Files are opened for reading only; nothing is written, moved or deleted. Each photo is read once, and of it only figures are kept, about
/// half a
/// kilobyte: a collection larger than memory can be checked.
/// </remarks>
public static class PhotoCheck
{
    // How many photos are examined at a time, each of which may take ImageFile.MaximumPixels.
    internal static readonly int Threads = Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>Examines every photo of a list, and compares them.</summary>
    /// <param name="photos">The photos, such as <see cref="PhotoFolder.Open"/> finds them.</param>
    /// <param name="progress">Given the state after every photo; from several
    /// threads, but one at a time.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>What was found; whatever is wrong with a photo is reported, not thrown.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PhotoCheckReport Run(
        PhotoList photos, IProgress<PhotoCheckProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photos);
        var clock = Stopwatch.StartNew();
        var infos = Examine(photos.Photos, progress, cancellationToken);
        var byLabel = infos.ToLookup(photo => photo.Photo.Label);
        var duplicates = PhotoDuplicates.Find(infos, cancellationToken);
        return new PhotoCheckReport
        {
            Source = photos.Source,
            Photos = infos,
            Classes = [.. photos.ClassNames.Select((name, label) => new PhotoClassCounts(name, byLabel[label]))],
            Problems = photos.Problems,
            Issues = PhotoIssues.Find(infos),
            Groups = duplicates.Groups,
            GroupOf = duplicates.GroupOf,
            Leaks = duplicates.Leaks,
            LabelConflicts = duplicates.Conflicts,
            Duration = clock.Elapsed,
        };
    }

    private static PhotoInfo[] Examine(
        IReadOnlyList<PhotoEntry> photos, IProgress<PhotoCheckProgress>? progress, CancellationToken cancellationToken)
    {
        var infos = new PhotoInfo[photos.Count];
        var gate = new Lock();
        var (done, unreadable) = (0, 0);
        Parallel.For(0, photos.Count, new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken }, i =>
        {
            infos[i] = PhotoExaminer.Examine(photos[i]);
            lock (gate)
            {
                done++;
                unreadable += infos[i].Problem is null ? 0 : 1;
                progress?.Report(new PhotoCheckProgress(done, photos.Count, unreadable));
            }
        });
        return infos;
    }
}

/// <summary>How far a check of photos is.</summary>
/// <param name="Done">The photos examined so far.</param>
/// <param name="Total">All photos.</param>
/// <param name="Unreadable">How many of those examined cannot be read.</param>
public sealed record PhotoCheckProgress(int Done, int Total, int Unreadable);
