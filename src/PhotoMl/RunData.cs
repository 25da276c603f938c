using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>The images of a run: all or some of the training images, those that choose the best epoch, and all test images.</summary>
internal sealed partial class RunData : IDisposable
{
    public const string RunsFolder = "runs";

    private readonly LoadedDataset _loaded;
    private readonly (string Path, string Class, uint Checksum)[] _photos;
    private RunData(LoadedDataset loaded, DatasetLoadOptions loading)
    {
        (_loaded, Loading) = (loaded, loading);
        Train = loaded.Train;
        Validation = loaded.Validation;
        Test = loaded.HasTest ? loaded.Test : null;
        _photos = [.. PhotosOf(Train), .. PhotosOf(Validation)];
    }

    public string Id => _loaded.Id;

    /// <summary>The id of the known set, or the full path of the folder, which means the same from any folder.</summary>
    public string LastingId => _loaded.IsKnown ? Id : Path.GetFullPath(Id);

    /// <summary>How the images were loaded, with the list of the photos.</summary>
    public DatasetLoadOptions Loading { get; }

    public string Title => _loaded.Title;
    public bool IsPhotos => _loaded.IsPhotos;

    /// <summary>Which files were left out, in words.</summary>
    public IEnumerable<string> Warnings => WarningsOf(_loaded).Select(message => message.Text);

    public IReadOnlyList<ImageFileEntry> Skipped => [.. _loaded.Skipped, .. _skippedUnlabeled];
    public ImageDataset Train { get; private set; }

    /// <summary>The images that choose the best epoch; null where a share of the training images is held out for that.</summary>
    public ImageDataset? Validation { get; private set; }

    /// <summary>The test images; null where there are none.</summary>
    public ImageDataset? Test { get; private set; }

    // Those that the run began with, in whichever split they are now.
    private IEnumerable<(string Path, string Class, uint Checksum)> Photos =>
        _photos.Concat(PhotosOf(Unlabeled)).DistinctBy(photo => photo.Path);

    /// <summary>The height and width of the images; null where they differ.</summary>
    public int? ImageSize => Train.Height == Train.Width ? Train.Height : null;

    public static RunData Load(
        string data, string? output, IReadOnlyList<string?> others, long seed, RunOptions options, CancellationToken cancellationToken)
    {
        NativeLibraries.EnsureLoaded();
        if (options.Threads is { } threads)
        {
            set_num_threads(threads);
        }

        var loading = DatasetLoader.WithPhotos(data, options.Loading);
        if (output is not null)
        {
            OutputException.ThrowIfInput(output, [.. DatasetLoader.InputsOf(data, loading), .. others.OfType<string>()]);
        }

        // Photos are decoded to their size; of others only those that are used are brought to it.
        var stored = loading.Photos is null ? loading with { ImageSize = null, Channels = null } : loading;
        var result = new RunData(DatasetLoader.Load(data, stored with { Splits = DatasetSplits.All }, cancellationToken), loading);
        foreach (var message in result._loaded.Messages)
        {
            options.Messages?.Report(message);
        }

        if (options.Limit is { } count)
        {
            result.Train = Replace(result.Train, result.Train.Select(Split.Subset(result.Train.Count, count, seed)));
        }

        if (loading.Photos is null)
        {
            var (images, size) = (result.Train, loading.ImageSize);
            result.ConvertTo(loading.Channels ?? images.Channels, size ?? images.Height, size ?? images.Width);
        }

        return result;
    }

    /// <summary>What tells the images that are trained on, those without labels, and those that choose the epoch from any others.</summary>
    public IEnumerable<string?> Fingerprints(CancellationToken cancellationToken) =>
        new[] { Train, Unlabeled, Validation }.Select(images => images?.Fingerprint(cancellationToken));

    /// <summary>Refuses images that are not those a run began with.</summary>
    public void CheckSame(RunFolder run, IReadOnlyList<string?> fingerprints, string? unlabeled, CancellationToken cancellationToken)
    {
        if (Fingerprints(cancellationToken).Zip(fingerprints).Index().FirstOrDefault(pair => pair.Item.First != pair.Item.Second)
            is { Item: not (null, null) } changed)
        {
            var source = (changed.Index == 1 ? unlabeled : null) ?? Id;
            throw new InvalidDatasetException(source, "the images that the run began with", DescribeChange(run));
        }
    }

    public RunFolder CreateFolder(string? path, string command)
    {
        var run = RunFolder.Create(path ?? NextFolder(command, Id));
        Describe(run);
        return run;
    }

    /// <summary>Writes into the folder of a run which photos it uses, and for what, and which it left out.</summary>
    public void Describe(RunFolder run)
    {
        (string Name, HashSet<string> Paths)[] splits =
            [("validation", FullPathsOf(Validation)), ("train", FullPathsOf(Train)), ("unlabeled", FullPathsOf(Unlabeled))];
        var photos = Photos.Select(photo => (photo.Path, photo.Class, photo.Checksum,
            Array.Find(splits, split => split.Paths.Contains(photo.Path)).Name ?? "")).ToList();
        if (photos.Count > 0)
        {
            run.WriteSplit(photos);
        }

        run.WriteSkipped(Skipped);
    }

    public static string NextFolder(string command, string data)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
        var folder = Path.Combine(RunsFolder, $"{command}-{name}-{DateTime.Now:yyyyMMdd-HHmmss}");

        // Several runs may begin within a second.
        return Enumerable.Range(2, 1000).Select(number => $"{folder}-{number}").Prepend(folder).First(path => !Directory.Exists(path));
    }

    /// <summary>The group of each training photo; one that was gone when the groups were formed is alone.</summary>
    public int[] GroupsOf(IReadOnlyDictionary<string, int> groupOf) =>
        [.. Train.Paths!.Select((path, index) => groupOf.GetValueOrDefault(path, -1 - index))];

    /// <summary>What must be known of small classes before training; those that a collection of photos lacks the check
    /// reports.</summary>
    public IEnumerable<string> DescribeSmallClasses(ClassifierTrainingOptions training, bool isHeldOut, int folds = 0)
    {
        var (all, listed, labels) = (Train.ClassCounts, _loaded.Train.ClassCounts, Train.Labels.data<long>().ToArray());
        var trained = isHeldOut && Validation is null // then the trainer divides them
            ? ClassifierTrainer.Divide(Id, Train.ClassNames, labels, training.ValidationFraction, training.Seed).TrainCounts
            : all;
        var validation = Validation?.ClassCounts ?? [.. all.Zip(trained, (count, rest) => count - rest)];
        return new[]
        {
            Describe(label => trained[label] == 0 && (!IsPhotos || listed[label] > 0), "no training images", "not learned"),
            Describe(
                label => isHeldOut && trained[label] > 0 && validation[label] == 0,
                "no image held out", "left out of balanced validation figures"),
            Describe(label => all[label] > 0 && all[label] < folds, "fewer images than there are folds", "not in every fold"),
        }.OfType<string>();

        string? Describe(Func<int, bool> isMeant, string lack, string consequence) =>
            ClassNameList.Describe(Train.ClassNames.Where((_, label) => isMeant(label)), all.Count, lack, consequence);
    }

    public void HoldOut(double share, long seed, IReadOnlyDictionary<string, int>? groupOf)
    {
        var labels = Train.Labels.data<long>().ToArray();
        HoldOut(ClassifierTrainer.Divide(
            Id, Train.ClassNames, labels, share, seed, groupOf is null ? null : GroupsOf(groupOf)).Split.Validation);
    }

    public void HoldOut(IReadOnlySet<string> paths) =>
        HoldOut([.. Train.Paths!.Index().Where(photo => paths.Contains(Path.GetFullPath(photo.Item))).Select(photo => (long)photo.Index)]);

    /// <summary>Brings all images to a size and number of channels, unless they have it.</summary>
    public void ConvertTo(int channels, int height, int width)
    {
        if ((Train.Channels, Train.Height, Train.Width) != (channels, height, width))
        {
            Train = Replace(Train, Train.ConvertTo(channels, height, width));
            Test = Test is null ? null : Replace(Test, Test.ConvertTo(channels, height, width));
            Validation = Validation is null ? null : Replace(Validation, Validation.ConvertTo(channels, height, width));
        }
    }

    /// <summary>Loads a classifier of these images, to compute in float32.</summary>
    public LoadedClassifier LoadClassifier(string path)
    {
        var classifier = ClassifierFile.Load(path);
        var (network, classes) = (classifier.Model.Options, classifier.Info.ClassNames);
        var (expected, found) = ($"{Train.Channels}x{Train.Height}x{Train.Width}", $"{network.Channels}x{network.Height}x{network.Width}");
        var misfit = found != expected
            ? $"one of images of {found} instead of {expected}"
            : !classes.SequenceEqual(Train.ClassNames) ? $"one of {ClassNameList.Few(classes)}"
            : (classifier.Info.Training?.Transpose ?? Loading.Transpose) == Loading.Transpose ? null
            : "one of images whose rows and columns are exchanged";
        if (misfit is null)
        {
            return classifier;
        }

        classifier.Dispose();
        throw new InvalidModelException(path, $"a classifier of {Id}", misfit);
    }

    /// <summary>Refuses images from which a network cannot learn, and those of other splits, where they are used, if none is of a class
    /// that is trained on.</summary>
    public void CheckTrainable(ClassifierArchitecture network, bool usesOtherSplits = true)
    {
        var smallest = ClassifierOptions.SmallestImageOf(network);
        if (Train.Height < smallest || Train.Width < smallest)
        {
            var expected = $"images of at least {smallest}x{smallest} pixels for a {ClassifierOptions.NameOf(network)}";
            throw new InvalidDatasetException(Id, expected, $"{Train.Height}x{Train.Width}");
        }

        // A class may have images of another split only, or all of them may be cut off by a limit or held out.
        var trained = ClassifierTrainer.CheckClasses(Id, Train.ClassNames, Train.ClassCounts);
        foreach (var (split, images) in new[] { ("validation", Validation), ("test", Test) })
        {
            var others = images?.ClassNames.Where((_, label) => images.ClassCounts[label] > 0).ToList();
            if (usesOtherSplits && others is not null && !trained.Intersect(others).Any())
            {
                var expected = $"{split} images of the classes that are trained on ({ClassNameList.Few(trained)})";
                throw new InvalidDatasetException(Id, expected, $"other classes only ({ClassNameList.Few(others)})");
            }
        }
    }

    public void Dispose()
    {
        Train.Dispose();
        Validation?.Dispose();
        Test?.Dispose();
        Unlabeled?.Dispose();
        _loaded.Dispose(); // which may be the same, but for what was replaced
    }

    private static IEnumerable<StatusMessage> WarningsOf(LoadedDataset loaded) =>
        loaded.Messages.Where(message => message.IsWarning && message.Text != loaded.Notice);

    private static IEnumerable<(string Path, string Class, uint Checksum)> PhotosOf(ImageDataset? images)
    {
        if (images is not { Paths: { } paths, Pixels: FilePixels pixels })
        {
            return [];
        }

        var labels = images.Labels.data<long>().ToArray();
        return paths.Select((path, i) => (Path.GetFullPath(path), images.ClassNames[(int)labels[i]], pixels.Rows[i].Checksum));
    }

    private static HashSet<string> FullPathsOf(ImageDataset? images) => [.. (images?.Paths ?? []).Select(Path.GetFullPath)];

    private string DescribeChange(RunFolder run)
    {
        var now = Photos.ToDictionary(photo => photo.Path, photo => (photo.Class, $"{photo.Checksum}"));
        var then = run.ReadPhotos() ?? now;
        (string Word, IEnumerable<string> Photos)[] changes =
        [
            ("added", now.Keys.Except(then.Keys)),
            ("gone", then.Keys.Except(now.Keys)),
            ("changed", now.Keys.Where(photo => then.TryGetValue(photo, out var known) && known != now[photo])),
        ];
        var found = changes.Select(change => (change.Word, Photos: change.Photos.ToList())).Where(change => change.Photos.Count > 0)
            .Select(change => $"{change.Photos.Count:N0} {change.Word} ({change.Photos[0]}{(change.Photos.Count > 1 ? ", ..." : "")})");
        return string.Join(", ", found.DefaultIfEmpty("other images"));
    }

    private void HoldOut(long[] validation)
    {
        var heldOut = validation.ToHashSet();
        Validation = Train.Select(validation);
        Train = Replace(Train, Train.Select([.. Enumerable.Range(0, Train.Count).Select(i => (long)i).Where(i => !heldOut.Contains(i))]));
    }

    // Two copies of a large set may not fit into memory.
    private static ImageDataset Replace(ImageDataset old, ImageDataset images)
    {
        old.Dispose();
        return images;
    }
}
