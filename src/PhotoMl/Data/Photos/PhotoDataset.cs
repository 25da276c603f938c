using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Makes data sets of a user's photos.</summary>
internal static class PhotoDataset
{
    /// <summary>The height and width that photos are brought to where nobody says.</summary>
    private const int DefaultSize = 160;

    /// <summary>Loads a folder or a list of photos; those of no split are all for training.</summary>
    public static LoadedDataset Load(string data, DatasetLoadOptions options, CancellationToken cancellationToken)
    {
        var list = PhotoList.Open(data, options);
        var preprocessing = options.PhotoPreprocessing
            ?? ImagePreprocessing.ForPhotos(options.Channels ?? 3, options.ImageSize ?? DefaultSize);
        using var cache = PhotoCache.Open(list, preprocessing, options, cancellationToken);
        var photos = cache.Photos;
        if (photos.Count == 0)
        {
            var (path, problem) = cache.Unreadable[0];
            throw new InvalidDatasetException(
                data, "photos that can be read", $"none among {list.Photos.Count}, the first being {path}: {problem}");
        }

        // A class counts while any photo of it can be read.
        var labels = photos.Select(photo => photo.Label).Distinct().Order().ToList();
        var classNames = labels.ConvertAll(label => list.ClassNames[label]);
        var lost = list.ClassNames.Except(classNames).ToList();
        var left = lost.Count > 1 ? "these classes are left out" : "this class is left out";
        var notice = lost.Count == 0 ? null : $"{data}: no photo of {string.Join(", ", lost)} can be read, so {left}.";
        var hasTrain = photos.Any(photo => photo.Split is DatasetSplits.Train or DatasetSplits.None);
        if (options.Splits.HasFlag(DatasetSplits.Train) && !hasTrain)
        {
            throw new InvalidDatasetException(data, "photos to train on that can be read", "only photos to validate or to test on");
        }

        var division = list.Division ?? (Directory.Exists(data) ? "as its folders say" : "as its split column says");
        return new LoadedDataset(
            data,
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data))),
            data,
            Make("train", DatasetSplits.Train, DatasetSplits.None),
            Make("validation", DatasetSplits.Validation),
            Make("test", DatasetSplits.Test))
        {
            IsPhotos = true,
            Notice = notice,
            Remarks =
            [
                $"{data}: {Describe(photos, division)}",
                .. cache.Notice is { } notKept ? [notKept] : Array.Empty<string>(),
                .. list.RemarksWith(cache.Unreadable.Select(photo => photo.Problem)),
            ],
            Skipped = [.. list.Problems, .. cache.Unreadable],
        };

        ImageDataset? Make(string name, params DatasetSplits[] splits)
        {
            var chosen = photos.Index().Where(photo => splits.Contains(photo.Item.Split)).ToArray();
            if (chosen.Length == 0)
            {
                return null;
            }

            using var scope = NewDisposeScope();
            var pixels = cache.Pixels.Subset(Array.ConvertAll(chosen, photo => (long)photo.Index));
            var classes = tensor(Array.ConvertAll(chosen, photo => (long)labels.BinarySearch(photo.Item.Label)));
            return new ImageDataset($"{Path.GetFullPath(data)} {name}", pixels, classes, classNames)
            {
                Preprocessing = preprocessing,
                Notice = notice,
                Paths = Array.ConvertAll(chosen, photo => photo.Item.Path),
            };
        }
    }

    private static string Describe(IReadOnlyList<PhotoEntry> photos, string source)
    {
        var counts = photos.CountBy(photo => photo.Split).ToDictionary(split => split.Key, split => $"{split.Value:N0}");
        return counts.TryGetValue(DatasetSplits.None, out var all)
            ? $"{all} photos, which it does not divide into train, validation and test."
            : $"{source}, {counts.GetValueOrDefault(DatasetSplits.Train, "no")} photos to train on, "
                + $"{Count(DatasetSplits.Validation)} to choose the best epoch by (validation), "
                + $"{Count(DatasetSplits.Test)} to evaluate on (test).";

        string Count(DatasetSplits split) => counts.GetValueOrDefault(split, "none");
    }
}
