using PhotoMl.Imaging;
using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>Makes data sets of a user's photos.</summary>
internal static class PhotoDataset
{
    /// <summary>The height and width that photos are brought to where nobody says.</summary>
    private const int DefaultSize = 128;

    /// <summary>Loads a folder or a list of photos; those of no split are all for training.</summary>
    public static LoadedDataset Load(string data, DatasetLoadOptions options, CancellationToken cancellationToken)
    {
        var list = PhotoList.Open(data);
        var preprocessing = options.PhotoPreprocessing ?? ImagePreprocessing.ForPhotos(options.Channels ?? 3, options.ImageSize ?? DefaultSize);
        var cache = new PhotoCacheOptions(Path.Combine(options.CacheFolder, "photos"), options.CacheLimit);
        using var photos = PhotoCache.Open(list, preprocessing, cache, options.Progress, cancellationToken);
        if (photos.Photos.Count == 0)
        {
            var first = photos.Unreadable[0];
            throw new InvalidDatasetException(data, "photos that can be read", $"none among {list.Photos.Count}, the first being {first.Path}: {first.Problem}");
        }

        // A class counts while any photo of it can be read.
        var labels = photos.Photos.Select(photo => photo.Label).Distinct().Order().ToList();
        var classNames = labels.ConvertAll(label => list.ClassNames[label]);
        var lost = list.ClassNames.Except(classNames).ToList();
        var notice = lost.Count > 0 ? $"{data}: no photo of {string.Join(", ", lost)} can be read, so {(lost.Count > 1 ? "these classes are" : "this class is")} left out." : null;
        var loaded = new LoadedDataset(
            data,
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data))),
            Make("train", DatasetSplits.Train, DatasetSplits.None),
            Make("validation", DatasetSplits.Validation),
            Make("test", DatasetSplits.Test))
        {
            Notice = notice,
            Remarks = [Describe(list, photos, data)],
            Skipped = [.. list.Problems, .. photos.Unreadable],
        };
        if (options.Splits.HasFlag(DatasetSplits.Train) && !loaded.HasTrain)
        {
            loaded.Dispose();
            throw new InvalidDatasetException(data, "photos to train on that can be read", "only photos to validate or to test on");
        }

        return loaded;

        ImageDataset? Make(string name, params DatasetSplits[] splits)
        {
            var indices = photos.Photos.Index().Where(photo => splits.Contains(photo.Item.Split)).Select(photo => (long)photo.Index).ToArray();
            if (indices.Length == 0)
            {
                return null;
            }

            using var scope = NewDisposeScope();
            var classes = tensor(Array.ConvertAll(indices, i => (long)labels.BinarySearch(photos.Photos[(int)i].Label)));
            return new ImageDataset($"{Path.GetFullPath(data)} {name}", photos.Pixels.Subset(indices), classes, classNames)
            {
                Preprocessing = preprocessing,
                Notice = notice,
                Paths = Array.ConvertAll(indices, i => photos.Photos[(int)i].Path),
            };
        }
    }

    private static string Describe(PhotoList list, CachedPhotos photos, string data)
    {
        if (!list.HasSplits)
        {
            return $"{data}: {photos.Photos.Count:N0} photos, which it does not divide into train, validation and test.";
        }

        var says = Directory.Exists(data) ? "folders" : "third column";
        return $"{data}: as its {says} {(says == "folders" ? "say" : "says")}, {Count(DatasetSplits.Train)} photos to train on, "
            + $"{Count(DatasetSplits.Validation)} to choose the best epoch by (validation), {Count(DatasetSplits.Test)} to evaluate on (test).";

        string Count(DatasetSplits split) => photos.Photos.Count(photo => photo.Split == split) is > 0 and var count ? $"{count:N0}" : "none";
    }
}
