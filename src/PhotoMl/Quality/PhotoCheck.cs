using System.Diagnostics;
using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Examines a collection of photos before anything is trained on it.</summary>
/// <remarks>Photos are opened for reading only; none is written, moved or deleted. Each is read once, and of it only figures are kept,
/// about a kilobyte: a collection larger than memory can be checked, and a second time only what is new or changed is read.</remarks>
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
    /// <exception cref="OperationCanceledException">It was cancelled; what was measured until then is kept.</exception>
    public static PhotoCheckReport Run(string data, DatasetLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new DatasetLoadOptions();
        return Run(data, options, new PhotoCheckCache(options.CacheFolder, data), cancellationToken);
    }

    /// <summary>Examines what is not in a cache yet, to which the loading of the same photos may have added.</summary>
    internal static PhotoCheckReport Run(
        string data, DatasetLoadOptions options, PhotoCheckCache cache, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var list = PhotoList.Open(data, options);
        var photos = Examine(list, options, cache, out var notice, cancellationToken);
        var byClass = photos.ToLookup(photo => photo.Class);
        var duplicates = new PhotoDuplicates(photos, cancellationToken);
        return new PhotoCheckReport
        {
            Source = list.Source,
            Photos = photos,
            Classes = [.. list.ClassNames.Select(name => new PhotoClassCounts(name, byClass[name]))],
            Problems = list.Problems,
            Remarks = list.RemarksWith(photos.Select(photo => photo.Problem)),
            Issues = PhotoIssues.Find(photos),
            Groups = duplicates.Groups,
            GroupOf = duplicates.GroupOf,
            Leaks = duplicates.Leaks,
            LabelConflicts = duplicates.Conflicts,
            Notice = notice,
            Duration = clock.Elapsed,
        };
    }

    /// <summary>Examines every photo of a list.</summary>
    internal static PhotoInfo[] Examine(
        PhotoList list, DatasetLoadOptions options, PhotoCheckCache cache, out string? notice, CancellationToken cancellationToken)
    {
        var photos = list.Photos;
        var infos = new PhotoInfo[photos.Count];
        var gate = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken };
        var (done, unreadable) = (0, 0);
        try
        {
            Parallel.For(0, photos.Count, parallel, i =>
            {
                infos[i] = cache.Find(photos[i], list.ClassNames[photos[i].Label]);
                lock (gate)
                {
                    done++;
                    unreadable += infos[i].Problem is null ? 0 : 1;
                    options.Progress?.Report(
                        new WorkProgress { Activity = "checking photos", Done = done, Total = photos.Count, Unreadable = unreadable });
                }
            });
        }
        finally
        {
            notice = cache.Save(photos);
        }

        return infos;
    }
}
