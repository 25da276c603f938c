using PhotoMl.Data;
using PhotoMl.Quality;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>The images of a run that are trained on without labels.</summary>
internal sealed partial class RunData
{
    private readonly List<ImageFileEntry> _skippedUnlabeled = [];

    /// <summary>The images that are trained on without labels; null where there are none.</summary>
    public ImageDataset? Unlabeled { get; private set; }

    /// <summary>Takes the images without labels that the options ask for; what is known of the photos of the data set is null where it is
    /// none of photos.</summary>
    public void TakeUnlabeled(
        ClassifierRunOptions options, ClassifierTrainingOptions training, IReadOnlyList<PhotoInfo>? photos,
        CancellationToken cancellationToken)
    {
        if (options.HasUnlabeled && Validation is null)
        {
            HoldOut(training.ValidationFraction, training.Seed, groupOf: null);
        }

        if (options.LabelsPerClass is { } count)
        {
            var (labeled, rest) = Split.PerClass(Train.Labels.data<long>().ToArray(), count, training.Seed);
            Unlabeled = rest.Length > 0 ? Train.Select(rest)
                : throw new InvalidDatasetException(Id, $"a class of more than {count} images to train on", $"{Train.ClassCounts.Max()}");
            Train = Replace(Train, Train.Select(labeled));
            LeaveOutCopies(options, photos ?? [], photos, cancellationToken);
        }
        else if (options.Unlabeled is { } folder)
        {
            LeaveOutCopies(options, LoadUnlabeled(folder, options, cancellationToken), photos, cancellationToken);
        }
    }

    // Any depth of folders; one that is named as a class says what a photo shows, which is only compared with.
    private PhotoInfo[] LoadUnlabeled(string folder, ClassifierRunOptions options, CancellationToken cancellationToken)
    {
        var real = RealPath.Of(folder);
        if (Directory.Exists(Id) && RealPath.IsWithin(real, RealPath.Of(Id))
            && _photos.FirstOrDefault(photo => RealPath.IsWithin(RealPath.Of(photo.Path), real)) is { Path: { } labeled })
        {
            throw new InvalidDatasetException(folder, "a folder without photos of the data set", $"{labeled}, which has a label there");
        }

        var search = new ImageFiles();
        var found = search.Find([folder], above: []).Select(item => item.Entry).ToLookup(entry => entry.Problem is null);
        var photos = found[true].Select(entry =>
            (entry.Path, Train.ClassNames.FirstOrDefault(name => name == Path.GetFileName(Path.GetDirectoryName(entry.Path)), ""),
                DatasetSplits.Train)).ToList();
        var list = PhotoList.Make(folder, photos, [.. found[false]], search.LeftOut);
        if (list.Photos.Count == 0)
        {
            throw new InvalidDatasetException(folder, "a folder of photos", list.Problems[0].Problem ?? "none");
        }

        var measured = new PhotoCheckCache(Loading.CacheFolder, folder);
        var loading = Loading with { Photos = list, PhotoPreprocessing = Train.Preprocessing, Opened = measured.Add };
        var loaded = PhotoDataset.Load(folder, loading, cancellationToken);
        Unlabeled = loaded.Train;
        _skippedUnlabeled.AddRange(loaded.Skipped);
        WarningsOf(loaded).ToList().ForEach(message => options.Messages?.Report(message));

        return PhotoCheck.Examine(list, Loading, measured, out _, cancellationToken);
    }

    // Photos beside images that are no files, which are only known by their pixels.
    private IEnumerable<string> CopiesOf(HashSet<string> heldOut) => Unlabeled!.HashImages().Zip(Unlabeled.Paths!)
        .Where(image => heldOut.Contains(image.First)).Select(image => image.Second);

    private void LeaveOutCopies(
        ClassifierRunOptions options, IReadOnlyList<PhotoInfo> unlabeled, IReadOnlyList<PhotoInfo>? photos,
        CancellationToken cancellationToken)
    {
        HashSet<string> paths = [.. Unlabeled!.Paths ?? []];
        HashSet<string> heldOutPaths = [.. Validation?.Paths ?? [], .. Test?.Paths ?? []];
        PhotoInfo[] heldOut = [.. (photos ?? []).Where(photo => heldOutPaths.Contains(photo.Path))];
        HashSet<string> copies =
        [
            .. unlabeled.Where(photo => paths.Contains(photo.Path)).AsParallel().WithCancellation(cancellationToken)
                .Where(photo => Array.Exists(heldOut, other => photo.Sha256 == other.Sha256 || PhotoDuplicates.AreNear(photo, other)))
                .Select(photo => photo.Path),
            .. IsPhotos || Unlabeled.Paths is null ? [] : CopiesOf([.. Validation!.HashImages(), .. Test?.HashImages() ?? []]),
        ];
        if (copies.Count > 0)
        {
            _skippedUnlabeled.AddRange(copies.Order(StringComparer.Ordinal).Select(
                path => new ImageFileEntry(path, "validation or test have it too, so it is not trained on")));
            long[] left = [.. Enumerable.Range(0, Unlabeled.Count).Where(i => !copies.Contains(Unlabeled.Paths![i]))];
            Unlabeled = left.Length > 0 ? Replace(Unlabeled, Unlabeled.Select(left)) : throw new InvalidDatasetException(
                options.Unlabeled ?? Id, "unlabeled photos that validation and test do not have too", "none");
        }

        var leftOut = PhotoMlException.Count(copies.Count, "photo");
        var text = $"{PhotoMlException.Count(Unlabeled.Count, "image")} without labels"
            + (copies.Count == 0 ? "." : $"; {leftOut} left out, which validation or test have too (skipped.csv).");
        options.Messages?.Report(new StatusMessage(text, IsWarning: false));
    }
}
