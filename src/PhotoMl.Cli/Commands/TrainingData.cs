using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>The images of a run: all or some of the training images, and all test images.</summary>
internal sealed class TrainingData : IDisposable
{
    private const int SmallestPhoto = 64;

    private readonly LoadedDataset _loaded;
    private ImageDataset? _some;
    private ImageDataset? _convertedTest;
    private ImageDataset? _convertedValidation;
    private ImageDataset? _setAside;

    /// <summary>Takes over a data set.</summary>
    public TrainingData(LoadedDataset loaded, int? limit, long seed)
    {
        _loaded = loaded;
        _some = limit is { } count ? loaded.Train.Select(Split.Subset(loaded.Train.Count, count, seed)) : null;
    }

    /// <summary>The id of the known set, or the folder.</summary>
    public string Id => _loaded.Id;

    /// <summary>The id of the known set, or the full path of the folder, which means the same from any folder.</summary>
    public string LastingId => DatasetCatalog.Default.Find(Id) is null ? Path.GetFullPath(Id) : Id;

    /// <summary>The name it is shown by.</summary>
    public string Title => _loaded.Title;

    /// <summary>The images to train on.</summary>
    public ImageDataset Train => _some ?? _loaded.Train;

    /// <summary>The images to judge by.</summary>
    /// <exception cref="InputException">There are none.</exception>
    public ImageDataset Test => HasTest ? _convertedTest ?? _loaded.Test : throw new InputException(Id, "test images", "none");

    /// <summary>Whether there are images to judge by.</summary>
    public bool HasTest => _loaded.HasTest;

    /// <summary>The images to choose the best epoch by; null where a share of the training images is held out for that.</summary>
    public ImageDataset? Validation => _setAside ?? _convertedValidation ?? _loaded.Validation;

    /// <summary>Whether these are a user's photos, rather than a known set.</summary>
    public bool IsPhotos => _loaded.IsPhotos;

    /// <summary>Whether the images to choose the best epoch by were taken from those to train on.</summary>
    public bool HasSetAside => _setAside is not null;

    /// <summary>The photos that were left out.</summary>
    public IReadOnlyList<ImageFileEntry> Skipped => _loaded.Skipped;

    /// <summary>The network that fits the images where none is asked for: photos are in colour and not small.</summary>
    public ClassifierArchitecture DefaultArchitecture =>
        Train.Channels == 3 && Math.Min(Train.Height, Train.Width) >= SmallestPhoto ? ClassifierArchitecture.Resnet18 : ClassifierArchitecture.Convnet;

    /// <summary>Sets photos aside to choose the best epoch by.</summary>
    /// <param name="share">Which share.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="groupOf">The group of each photo by its path, none of which is torn apart; null draws photo by photo.</param>
    /// <exception cref="InputException">The groups leave none on a side, or photos of one class to train on.</exception>
    public void SetAside(double share, long seed, IReadOnlyDictionary<string, int>? groupOf)
    {
        var labels = Train.Labels.data<long>().ToArray();
        var validation = Split.ByFraction(labels, share, seed, groupOf is null ? [] : GroupsOf(groupOf)).Validation;
        if (validation.Length == 0 || validation.Length == labels.Length)
        {
            throw new InputException(
                Id, $"photos that can be divided without tearing near duplicates apart (or --split random), {share:P1} of them to be set aside", "groups too large for that");
        }

        SetAside(validation);
        CheckClasses();
    }

    /// <summary>The group of each training photo; one that was gone when the groups were formed is alone.</summary>
    /// <param name="groupOf">The group of each photo by its path, from 0.</param>
    public int[] GroupsOf(IReadOnlyDictionary<string, int> groupOf) =>
        [.. Train.Paths!.Select((path, index) => groupOf.TryGetValue(path, out var group) ? group : -1 - index)];

    /// <summary>Sets the photos aside that a run had set aside before.</summary>
    public void SetAside(IReadOnlySet<string> paths) =>
        SetAside([.. Train.Paths!.Index().Where(photo => paths.Contains(Path.GetFullPath(photo.Item))).Select(photo => (long)photo.Index)]);

    /// <summary>Brings all images to a size and number of channels, unless they have it.</summary>
    public void ConvertTo(int channels, int height, int width)
    {
        if ((Train.Channels, Train.Height, Train.Width) != (channels, height, width))
        {
            var converted = Train.ConvertTo(channels, height, width);
            _some?.Dispose();
            _some = converted;
            _convertedTest = HasTest ? Test.ConvertTo(channels, height, width) : null;
            _convertedValidation = Validation?.ConvertTo(channels, height, width);
        }
    }

    /// <summary>Finds why a classifier is none of these images.</summary>
    /// <returns>What it is; null where it fits.</returns>
    public string? FindMisfit(LoadedClassifier classifier)
    {
        var (network, classes) = (classifier.Model.Options, classifier.Info.ClassNames);
        if ((network.Channels, network.Height, network.Width) != (Train.Channels, Train.Height, Train.Width))
        {
            return $"one of images of {network.Channels}x{network.Height}x{network.Width} instead of {Train.Channels}x{Train.Height}x{Train.Width}";
        }

        return classes.SequenceEqual(Train.ClassNames) ? null : $"one of {string.Join(", ", classes.Take(3))}{(classes.Count > 3 ? ", ..." : "")}";
    }

    /// <summary>Checks that a generator can be trained on the images.</summary>
    /// <exception cref="InputException">They are too few, or pictures are to be asked for by a class that none shows.</exception>
    public void CheckGeneratorTrainable(DcganOptions network, GanTrainingOptions options)
    {
        if (network.Classes > 0 && Train.ClassNames.Where((_, label) => Train.ClassCounts[label] == 0).ToList() is { Count: > 0 } empty)
        {
            throw new InputException(Id, "images of every class, so that pictures can be asked for by class (--conditional)", $"none of {Text.Few(empty)}");
        }

        // Batch norm has nothing to compare a single image with.
        var batches = (Train.Count + options.BatchSize - 1) / options.BatchSize;
        if (Train.Count < 2 * batches)
        {
            throw new InputException(Id, "at least two training images a step", $"{Train.Count}");
        }

        if (batches < options.DiscriminatorSteps)
        {
            throw new InputException(
                Id, $"images for at least {options.DiscriminatorSteps} steps an epoch, without which the generator's turn never comes (--discriminator-steps)", $"{batches}");
        }
    }

    /// <summary>Checks that a classifier can be trained on the images.</summary>
    /// <exception cref="InputException">They are too small, too few, or of one class.</exception>
    public void CheckTrainable(double validationShare, ClassifierArchitecture network = ClassifierArchitecture.Convnet)
    {
        var smallest = ClassifierOptions.SmallestImageOf(network);
        if (Train.Height < smallest || Train.Width < smallest)
        {
            throw new InputException(Id, $"images of at least {smallest}x{smallest} pixels for a {Values.Word(network)}", $"{Train.Height}x{Train.Width}");
        }

        CheckClasses();
        if (Validation is not null)
        {
            return;
        }

        // Half an image or more is rounded to the one that must be held out.
        var fewest = (int)Math.Ceiling(0.5 / validationShare) + 1;
        if (Train.Count < fewest)
        {
            throw new InputException(
                Id, $"at least {fewest} training images, so that {validationShare:P1} of them can be held out", $"{Train.Count}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _setAside?.Dispose();
        _some?.Dispose();
        _convertedTest?.Dispose();
        _convertedValidation?.Dispose();
        _loaded.Dispose();
    }

    // A class may have images of another split only, or all of them may be cut off by a limit or set aside.
    private void CheckClasses()
    {
        var present = Train.ClassNames.Where((_, label) => Train.ClassCounts[label] > 0).ToList();
        if (present.Count < 2)
        {
            throw new InputException(Id, "training images of at least two classes", present is [var only] ? $"images of {only} only" : "none");
        }
    }

    private void SetAside(long[] validation)
    {
        var aside = validation.ToHashSet();
        var all = Train;
        _setAside = all.Select(validation);
        var kept = all.Select([.. Enumerable.Range(0, all.Count).Select(index => (long)index).Where(index => !aside.Contains(index))]);
        _some?.Dispose();
        _some = kept;
    }
}
