using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>The images of a run: all or some of the training images, those that choose the best epoch, and all test images.</summary>
internal sealed class RunData : IDisposable
{
    /// <summary>The folder of the runs that get no folder of their own.</summary>
    public const string RunsFolder = "runs";

    private readonly LoadedDataset _loaded;
    private readonly List<ImageDataset> _own = [];

    private RunData(LoadedDataset loaded)
    {
        _loaded = loaded;
        Train = loaded.Train;
        Validation = loaded.Validation;
        Test = loaded.HasTest ? loaded.Test : null;
    }

    /// <summary>The id of the known set, or the folder.</summary>
    public string Id => _loaded.Id;

    /// <summary>The id of the known set, or the full path of the folder, which means the same from any folder.</summary>
    public string LastingId => DatasetCatalog.Default.Find(Id) is null ? Path.GetFullPath(Id) : Id;

    /// <summary>The name it is shown by.</summary>
    public string Title => _loaded.Title;

    /// <summary>Whether these are a user's photos, rather than a known set.</summary>
    public bool IsPhotos => _loaded.IsPhotos;

    /// <summary>The photos that were left out.</summary>
    public IReadOnlyList<ImageFileEntry> Skipped => _loaded.Skipped;

    /// <summary>The training images.</summary>
    public ImageDataset Train { get; private set; }

    /// <summary>The images that choose the best epoch; null where a share of the training images is held out for that.</summary>
    public ImageDataset? Validation { get; private set; }

    /// <summary>The test images; null where there are none.</summary>
    public ImageDataset? Test { get; private set; }

    /// <summary>The height and width of the images; null where they differ.</summary>
    public int? ImageSize => Train.Height == Train.Width ? Train.Height : null;

    /// <summary>Loads the images of a run.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="output">What is to be written; null for nothing.</param>
    /// <param name="outputName">What names it, for messages.</param>
    /// <param name="others">What is read too.</param>
    /// <param name="limit">How many of the training images are used; null for all.</param>
    /// <param name="seed">The seed that draws them.</param>
    /// <param name="loading">How the data set is found and read.</param>
    /// <param name="messages">Is given what a user should know of it.</param>
    /// <param name="cancellationToken">Stops a download or the reading of photos.</param>
    /// <exception cref="ArgumentException">What is to be written lies within what is read.</exception>
    public static RunData Load(
        string data,
        string? output,
        string outputName,
        IReadOnlyList<string?> others,
        int? limit,
        long seed,
        DatasetLoadOptions loading,
        IProgress<StatusMessage>? messages,
        CancellationToken cancellationToken)
    {
        var inputs = DatasetLoader.InputsOf(data, loading);
        if (output is not null)
        {
            Classifier.CheckOutput(outputName, output, [.. inputs, .. others.OfType<string>()]);
        }

        var result = new RunData(DatasetLoader.Load(data, loading with { Splits = DatasetSplits.Both }, cancellationToken));
        foreach (var message in result._loaded.Messages)
        {
            messages?.Report(message);
        }

        if (limit is { } count)
        {
            result.Train = result.Own(result.Train.Select(Split.Subset(result.Train.Count, count, seed)));
        }

        return result;
    }

    /// <summary>Opens the folder of a new run.</summary>
    /// <param name="path">The folder; null for one below <c>runs</c> that does not exist yet.</param>
    /// <param name="command">The command of the run, for its name.</param>
    public RunFolder CreateFolder(string? path, string command) => RunFolder.Create(path ?? NextFolder(command, Id));

    /// <summary>Names a folder below <c>runs</c> that does not exist yet.</summary>
    public static string NextFolder(string command, string data)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
        var folder = Path.Combine(RunsFolder, $"{command}-{name}-{DateTime.Now:yyyyMMdd-HHmmss}");

        // Several runs may begin within a second.
        return Enumerable.Range(2, 1000).Select(number => $"{folder}-{number}").Prepend(folder).First(path => !Directory.Exists(path));
    }

    /// <summary>The group of each training photo; one that was gone when the groups were formed is alone.</summary>
    /// <param name="groupOf">The group of each photo by its path, from 0.</param>
    public int[] GroupsOf(IReadOnlyDictionary<string, int> groupOf) =>
        [.. Train.Paths!.Select((path, index) => groupOf.TryGetValue(path, out var group) ? group : -1 - index)];

    /// <summary>Takes validation photos out of the training photos.</summary>
    /// <param name="share">Which share.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="groupOf">The group of each photo by its path, none of which is divided; null draws photo by photo.</param>
    /// <exception cref="InvalidDatasetException">The groups leave none on a side, or photos of one class to train on.</exception>
    public void HoldOut(double share, long seed, IReadOnlyDictionary<string, int>? groupOf)
    {
        var labels = Train.Labels.data<long>().ToArray();
        var validation = Split.ByFraction(labels, share, seed, groupOf is null ? [] : GroupsOf(groupOf)).Validation;
        if (validation.Length == 0 || validation.Length == labels.Length)
        {
            throw new InvalidDatasetException(
                Id, $"photos that can be divided without separating near duplicates, {share:P1} of them for validation, or a random split (Split)", "groups too large for that");
        }

        HoldOut(validation);
        CheckClasses();
    }

    /// <summary>Takes out the validation photos that a run had taken before.</summary>
    public void HoldOut(IReadOnlySet<string> paths) =>
        HoldOut([.. Train.Paths!.Index().Where(photo => paths.Contains(Path.GetFullPath(photo.Item))).Select(photo => (long)photo.Index)]);

    /// <summary>Brings all images to a size and number of channels, unless they have it.</summary>
    public void ConvertTo(int channels, int height, int width)
    {
        if ((Train.Channels, Train.Height, Train.Width) != (channels, height, width))
        {
            Train = Own(Train.ConvertTo(channels, height, width));
            Test = Test is null ? null : Own(Test.ConvertTo(channels, height, width));
            Validation = Validation is null ? null : Own(Validation.ConvertTo(channels, height, width));
        }
    }

    /// <summary>Loads a classifier of these images, to compute in float32.</summary>
    /// <exception cref="InvalidModelException">It is one of other images.</exception>
    public LoadedClassifier LoadClassifier(string path)
    {
        var classifier = ClassifierFile.Load(path);
        var (network, classes) = (classifier.Model.Options, classifier.Info.ClassNames);
        var misfit = (network.Channels, network.Height, network.Width) != (Train.Channels, Train.Height, Train.Width)
            ? $"one of images of {network.Channels}x{network.Height}x{network.Width} instead of {Train.Channels}x{Train.Height}x{Train.Width}"
            : classes.SequenceEqual(Train.ClassNames) ? null : $"one of {string.Join(", ", classes.Take(3))}{(classes.Count > 3 ? ", ..." : "")}";
        if (misfit is null)
        {
            return classifier;
        }

        classifier.Dispose();
        throw new InvalidModelException(path, $"a classifier of {Id}", misfit);
    }

    /// <summary>Checks that a classifier can be trained on the images.</summary>
    /// <exception cref="InvalidDatasetException">They are too small, too few, or of one class.</exception>
    public void CheckTrainable(double validationShare, ClassifierArchitecture network)
    {
        var smallest = ClassifierOptions.SmallestImageOf(network);
        if (Train.Height < smallest || Train.Width < smallest)
        {
            throw new InvalidDatasetException(
                Id, $"images of at least {smallest}x{smallest} pixels for a {ClassifierOptions.NameOf(network)}", $"{Train.Height}x{Train.Width}");
        }

        CheckClasses();

        // Half an image or more is rounded to the one that must be held out.
        var fewest = (int)Math.Ceiling(0.5 / validationShare) + 1;
        if (Validation is null && Train.Count < fewest)
        {
            throw new InvalidDatasetException(
                Id, $"at least {fewest} training images, so that {validationShare:P1} of them can be held out", $"{Train.Count}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.ForEach(images => images.Dispose());
        _loaded.Dispose();
    }

    // A class may have images of another split only, or all of them may be cut off by a limit or held out.
    private void CheckClasses()
    {
        var present = Train.ClassNames.Where((_, label) => Train.ClassCounts[label] > 0).ToList();
        if (present.Count < 2)
        {
            throw new InvalidDatasetException(Id, "training images of at least two classes", present is [var only] ? $"images of {only} only" : "none");
        }
    }

    private void HoldOut(long[] validation)
    {
        var heldOut = validation.ToHashSet();
        var all = Train;
        Validation = Own(all.Select(validation));
        Train = Own(all.Select([.. Enumerable.Range(0, all.Count).Select(index => (long)index).Where(index => !heldOut.Contains(index))]));
    }

    private ImageDataset Own(ImageDataset images)
    {
        _own.Add(images);
        return images;
    }
}
