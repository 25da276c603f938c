using System.Diagnostics;
using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Examines a collection of photos before anything is trained on it.</summary>
/// <remarks>Photos are opened for reading only; none is written, moved or deleted. Each is read once, and of it only figures are kept,
/// about half a kilobyte: a collection larger than memory can be checked, and a second time only what is new or changed is read.</remarks>
public static class PhotoCheck
{
    // How many photos are examined at a time, each of which may take ImageFile.MaximumPixels.
    internal static readonly int Threads = Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>Examines every photo of a folder or a list, and compares them.</summary>
    /// <param name="data">A folder with one folder for each class, or below <c>train</c> and beside it <c>validation</c> and <c>test</c>;
    /// or a CSV file of <c>path,label[,split]</c>.</param>
    /// <param name="options">Whose cache keeps what was measured, and who is given the progress; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>What was found; whatever is wrong with a photo is reported, not thrown.</returns>
    /// <exception cref="InvalidDatasetException">It is neither, or names no photo.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PhotoCheckReport Run(string data, DatasetLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new DatasetLoadOptions();
        var photos = PhotoList.Open(data, options);
        return Run(photos, new PhotoCheckCache(options.CacheFolder, photos.Source), options.Progress, cancellationToken);
    }

    internal static PhotoCheckReport Run(
        PhotoList photos, PhotoCheckCache? cache = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        var infos = Examine(photos, cache, progress, cancellationToken);
        var byClass = infos.ToLookup(photo => photo.Class);
        var duplicates = PhotoDuplicates.Find(infos, cancellationToken);
        return new PhotoCheckReport
        {
            Source = photos.Source,
            Photos = infos,
            Classes = [.. photos.ClassNames.Select(name => new PhotoClassCounts(name, byClass[name]))],
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
        PhotoList list, PhotoCheckCache? cache, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var photos = list.Photos;
        var infos = new PhotoInfo[photos.Count];
        var found = new PhotoRecord[photos.Count];
        var examined = 0;
        var gate = new Lock();
        var (done, unreadable) = (0, 0);
        Parallel.For(0, photos.Count, new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken }, i =>
        {
            var (photo, className) = (photos[i], list.ClassNames[photos[i].Label]);
            found[i] = PhotoRecord.Describe(photo.Path);
            var known = cache?.Find(photo.Path, found[i]);
            infos[i] = known is null ? PhotoExaminer.Examine(photo, className) : known with { Class = className, Split = photo.Split };
            lock (gate)
            {
                examined += known is null ? 1 : 0;
                done++;
                unreadable += infos[i].Problem is null ? 0 : 1;
                progress?.Report(new WorkProgress { Activity = "checking photos", Done = done, Total = photos.Count, Unreadable = unreadable });
            }
        });
        if (examined > 0)
        {
            cache?.Save(infos.Zip(found));
        }

        return infos;
    }
}
