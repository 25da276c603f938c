using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl;

/// <summary>The images of a run that are trained on without labels.</summary>
internal sealed partial class RunData
{
    /// <summary>The images that are trained on without labels; null where there are none.</summary>
    public ImageDataset? Unlabeled { get; private set; }

    /// <summary>Takes the images without labels that the options ask for, after validation images were held out.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="checkedPhotos">What is known of the photos of the data set; null where it is none of photos.</param>
    /// <param name="cancellationToken">Stops the reading of photos.</param>
    public void TakeUnlabeled(
        ClassifierRunOptions options, long seed, IReadOnlyList<PhotoInfo>? checkedPhotos, CancellationToken cancellationToken)
    {
        if (options.LabelsPerClass is { } count)
        {
            var (labeled, rest) = Split.PerClass(Train.Labels.data<long>().ToArray(), count, seed);
            Unlabeled = Train.Select(rest);
            Train = Replace(Train, Train.Select(labeled));
            LeaveOutCopies(options, checkedPhotos ?? [], checkedPhotos ?? [], cancellationToken);
        }
        else if (options.Unlabeled is { } folder)
        {
            LeaveOutCopies(options, LoadUnlabeled(folder, options, cancellationToken), checkedPhotos ?? [], cancellationToken);
        }

        if (Unlabeled is { Count: 0 })
        {
            var source = options.Unlabeled ?? Id;
            throw new InvalidDatasetException(source, "unlabeled images that are not held out too", "none");
        }
    }

    // Any depth of folders; one that is named as a class tells what a photo shows, which is only compared with.
    private PhotoInfo[] LoadUnlabeled(string folder, ClassifierRunOptions options, CancellationToken cancellationToken)
    {
        var search = new ImageFiles();
        var found = search.Find([folder], above: []).Select(item => item.Entry).ToList();
        var photos = found.Where(entry => entry.Problem is null).Select(entry =>
            (entry.Path, Train.ClassNames.FirstOrDefault(name => name == Path.GetFileName(Path.GetDirectoryName(entry.Path)), ""),
                DatasetSplits.Train)).ToList();
        var list = PhotoList.Make(folder, photos, [.. found.Where(entry => entry.Problem is not null)], search.LeftOut);
        if (list.Photos.Count == 0)
        {
            throw new InvalidDatasetException(folder, "a folder of photos", list.Problems[0].Problem ?? "none");
        }

        var measured = new PhotoCheckCache(Loading.CacheFolder, folder);
        var loading = Loading with { Photos = list, PhotoPreprocessing = Train.Preprocessing, Opened = measured.Add };
        var loaded = DatasetLoader.Load(folder, loading, cancellationToken);
        Unlabeled = loaded.Train;
        foreach (var message in loaded.SkippedMessages)
        {
            options.Messages?.Report(message);
        }

        return PhotoCheck.Examine(list, Loading, measured, out _, cancellationToken);
    }

    private void LeaveOutCopies(
        ClassifierRunOptions options, IReadOnlyList<PhotoInfo> unlabeled, IReadOnlyList<PhotoInfo> labeled,
        CancellationToken cancellationToken)
    {
        HashSet<string> heldOut = [.. Validation?.Paths ?? [], .. Test?.Paths ?? []];
        HashSet<string> mayBeCopies = [.. Unlabeled!.Paths ?? []];
        var copies = HeldOutCopies.Find(
            [.. unlabeled.Where(photo => mayBeCopies.Contains(photo.Path))],
            [.. labeled.Where(photo => heldOut.Contains(photo.Path))],
            cancellationToken);
        if (copies.Count > 0)
        {
            long[] left = [.. Enumerable.Range(0, Unlabeled.Count).Where(i => !copies.Contains(Unlabeled.Paths![i]))];
            Unlabeled = Replace(Unlabeled, Unlabeled.Select(left));
        }

        var leftOut = PhotoMlException.Count(copies.Count, "photo");
        var text = $"{PhotoMlException.Count(Unlabeled.Count, "image")} without labels"
            + (copies.Count == 0 ? "." : $"; {leftOut} left out, which validation or test have too.");
        options.Messages?.Report(new StatusMessage(text, IsWarning: false));
    }
}
