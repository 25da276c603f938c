using PhotoMl.IO;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Turns what the user names (<c>auto</c>, a known id, a folder) into images and labels.</summary>
public static class DatasetLoader
{
    /// <summary>The name that stands for MNIST where it can be had, and for the built-in digits where it cannot.</summary>
    public const string Auto = "auto";

    // Shorter than a download that was asked for, as the built-in digits will do instead.
    private static readonly TimeSpan AutoConnectTimeout = TimeSpan.FromSeconds(5);

    private const int DigitTrainCount = 60_000;
    private const int DigitTestCount = 10_000;

    /// <summary>Loads a data set into tensors, or photos into a cache file from which they are read batch by batch.</summary>
    /// <param name="data"><c>auto</c>, the id of a known set, a folder that holds the four IDX files or photos, or a CSV file that lists photos.</param>
    /// <param name="options">What is loaded and from where; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops a download, or the reading of files and photos.</param>
    /// <returns>The data set, to be disposed by the caller.</returns>
    /// <exception cref="InvalidDatasetException">The name means nothing, or a file is damaged.</exception>
    /// <exception cref="DatasetNotFoundException">The set is neither on the machine nor could it be downloaded.</exception>
    /// <exception cref="OutputException">The cache of photos cannot be written.</exception>
    public static LoadedDataset Load(string data, DatasetLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(data);
        options ??= new DatasetLoadOptions();
        return IsPhotos(data, options.Catalog)
            ? PhotoDataset.Load(data, options, cancellationToken)
            : new LoadedDataset(Read(data, options, cancellationToken), options);
    }

    /// <summary>Whether a name means photos: a folder that holds none of the IDX files, or a CSV file.</summary>
    /// <param name="data">What the user named.</param>
    /// <param name="catalog">The known sets, whose names come first.</param>
    public static bool IsPhotos(string data, DatasetCatalog catalog)
    {
        ArgumentException.ThrowIfNullOrEmpty(data);
        ArgumentNullException.ThrowIfNull(catalog);
        return !data.Equals(Auto, StringComparison.OrdinalIgnoreCase)
            && catalog.Find(data) is null
            && (Directory.Exists(data) ? DatasetFolder.Inspect(data, DatasetFolder.IdxNames).Files.Count == 0 : File.Exists(data) && PhotoCsv.HasExtension(data));
    }

    /// <summary>Finds the folder that holds a known set on this machine.</summary>
    /// <param name="entry">The set.</param>
    /// <param name="options">Where it is looked for; <see langword="null"/> for the defaults.</param>
    /// <returns>The folder; <see langword="null"/> where no folder holds all files, or the set is built in.</returns>
    public static string? Find(DatasetEntry entry, DatasetLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return DatasetSearch.Run(entry, (options ?? new DatasetLoadOptions()).Paths).Found?.Path;
    }

    /// <summary>Downloads what the cache lacks of a known set; files that are there and sound stay.</summary>
    /// <param name="entry">The set.</param>
    /// <param name="options">Where the cache is, and who is given the progress; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops the download; files that are whole stay.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="DatasetDownloadException">No address gave a file, or the folder cannot be written to.</exception>
    public static string Download(DatasetEntry entry, DatasetLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Download(entry, options ?? new DatasetLoadOptions(), DatasetDownloader.ConnectTimeout, cancellationToken).Path;
    }

    /// <summary>Reads a data set into managed memory; nothing native is loaded. Photos are too large for that and refused.</summary>
    /// <param name="data"><c>auto</c>, the id of a known set, or a folder that holds the four IDX files.</param>
    /// <param name="options">What is loaded and from where; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops a download, or the reading of files.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDatasetException">The name means nothing, or a file is damaged.</exception>
    /// <exception cref="DatasetNotFoundException">The set is neither on the machine nor could it be downloaded.</exception>
    internal static DatasetContent Read(string data, DatasetLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(data);
        options ??= new DatasetLoadOptions();
        if (data.Equals(Auto, StringComparison.OrdinalIgnoreCase))
        {
            return ReadAuto(options, cancellationToken);
        }

        if (options.Catalog.Find(data) is { } entry)
        {
            return entry.IsBuiltIn ? ReadBuiltIn(entry, options.Splits) : ReadKnown(entry, options, cancellationToken);
        }

        return ReadFolder(InspectFolder(data, options.Catalog), options.Splits, cancellationToken);
    }

    /// <summary>Looks into a folder the user named, which must hold the four IDX files.</summary>
    internal static DatasetFolder InspectFolder(string path, DatasetCatalog catalog)
    {
        var ids = string.Join(", ", catalog.Entries.Select(known => known.Id));
        if (!Directory.Exists(path))
        {
            var found = File.Exists(path) ? RegularFile.FindOtherKind(path) ?? "a file" : "no set and no folder of that name";
            throw new InvalidDatasetException(path, $"{Auto}, {ids}, a folder of photos, a CSV file that lists them, or a folder with the four IDX files", found);
        }

        var folder = DatasetFolder.Inspect(path, DatasetFolder.IdxNames);
        return folder.IsComplete
            ? folder
            : throw new InvalidDatasetException(
                path, $"a known set ({ids}) or a folder with the four IDX files", $"a folder without {string.Join(", ", folder.Missing)}");
    }

    /// <summary>The images and labels of one split, verified where the catalogue knows the files.</summary>
    internal static LabelledImages ReadSplit(DatasetFolder folder, DatasetSplits split, DatasetEntry? entry, CancellationToken cancellationToken)
    {
        var (imagesRole, labelsRole) = split == DatasetSplits.Train
            ? (DatasetFileRole.TrainImages, DatasetFileRole.TrainLabels)
            : (DatasetFileRole.TestImages, DatasetFileRole.TestLabels);
        var (imagesPath, labelsPath) = (folder.Files[imagesRole], folder.Files[labelsRole]);
        return LabelledImages.Combine(
            imagesPath,
            IdxContent.Read(imagesPath, IdxKind.Images, entry?.Files.First(file => file.Role == imagesRole), cancellationToken),
            labelsPath,
            IdxContent.Read(labelsPath, IdxKind.Labels, entry?.Files.First(file => file.Role == labelsRole), cancellationToken),
            entry?.ClassNames.Count);
    }

    private static DatasetContent ReadAuto(DatasetLoadOptions options, CancellationToken cancellationToken)
    {
        var mnist = options.Catalog.Find("mnist") ?? throw new ArgumentException("Expected a catalogue with mnist but got one without.", nameof(options));
        var digits = options.Catalog.Find("digits") ?? throw new ArgumentException("Expected a catalogue with digits but got one without.", nameof(options));
        try
        {
            return ReadKnown(mnist, options, cancellationToken, AutoConnectTimeout);
        }
        catch (DatasetNotFoundException exception)
        {
            var partial = string.Concat(exception.Search.Partial.Select(folder => $" ({folder.Describe()})"));
            var reach = options.AllowDownload ? "nor could it be downloaded" : "nor may it be downloaded";
            return ReadBuiltIn(digits, options.Splits) with
            {
                Notice = $"MNIST is neither on this machine{partial} {reach}, so the built-in digits stand in for it; to get it, "
                    + $"download it where there is a network, or put its four files into data/mnist or ${DatasetPaths.Variable}/mnist.",
            };
        }
    }

    private static DatasetContent ReadKnown(
        DatasetEntry entry, DatasetLoadOptions options, CancellationToken cancellationToken, TimeSpan? connectTimeout = null)
    {
        var folder = Find(entry, options, connectTimeout ?? DatasetDownloader.ConnectTimeout, cancellationToken);
        return new DatasetContent
        {
            Id = entry.Id,
            Title = entry.Title,
            Source = folder.Path,
            ClassNames = entry.ClassNames,
            Preprocessing = entry.Preprocessing,
            Train = options.Splits.HasFlag(DatasetSplits.Train) ? ReadSplit(folder, DatasetSplits.Train, entry, cancellationToken) : null,
            Test = options.Splits.HasFlag(DatasetSplits.Test) ? ReadSplit(folder, DatasetSplits.Test, entry, cancellationToken) : null,
        };
    }

    private static DatasetFolder Find(DatasetEntry entry, DatasetLoadOptions options, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        var search = DatasetSearch.Run(entry, options.Paths);
        if (search.Found is { } found)
        {
            return found;
        }

        if (!options.AllowDownload)
        {
            throw new DatasetNotFoundException(search);
        }

        try
        {
            return Download(entry, options, connectTimeout, cancellationToken);
        }
        catch (DatasetDownloadException exception)
        {
            throw new DatasetNotFoundException(search, exception);
        }
    }

    private static DatasetFolder Download(DatasetEntry entry, DatasetLoadOptions options, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.Paths.CacheFolder, entry.Id);
        return DatasetDownloader.Download(entry, folder, options.Progress, connectTimeout, DatasetDownloader.StallTimeout, cancellationToken);
    }

    private static DatasetContent ReadFolder(DatasetFolder folder, DatasetSplits splits, CancellationToken cancellationToken)
    {
        var train = splits.HasFlag(DatasetSplits.Train) ? ReadSplit(folder, DatasetSplits.Train, entry: null, cancellationToken) : null;
        var test = splits.HasFlag(DatasetSplits.Test) ? ReadSplit(folder, DatasetSplits.Test, entry: null, cancellationToken) : null;

        var (height, width) = train is not null ? (train.Height, train.Width) : test is not null ? (test.Height, test.Width) : (28, 28);

        // The classes are those of the whole set, whichever split is loaded.
        var trainLabels = train?.Labels ?? IdxContent.Read(folder.Files[DatasetFileRole.TrainLabels], IdxKind.Labels, known: null, cancellationToken).Body;
        var testLabels = test?.Labels ?? IdxContent.Read(folder.Files[DatasetFileRole.TestLabels], IdxKind.Labels, known: null, cancellationToken).Body;
        var classes = Math.Max(trainLabels.Max(), testLabels.Max()) + 1;
        if (train is not null && test is not null && (train.Height, train.Width) != (test.Height, test.Width))
        {
            throw new InvalidDatasetException(
                folder.Files[DatasetFileRole.TestImages], $"images of {train.Height} x {train.Width} as for training", $"{test.Height} x {test.Width}");
        }

        return new DatasetContent
        {
            Id = Path.GetFullPath(folder.Path),
            Title = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path))),
            Source = folder.Path,
            ClassNames = [.. Enumerable.Range(0, classes).Select(label => $"{label}")],
            Preprocessing = new ImagePreprocessing { Height = height, Width = width, Fit = ImageFit.Pad },
            Train = train,
            Test = test,
        };
    }

    private static DatasetContent ReadBuiltIn(DatasetEntry entry, DatasetSplits splits) => new()
    {
        Id = entry.Id,
        Title = entry.Title,
        Source = "built in",
        ClassNames = entry.ClassNames,
        Preprocessing = entry.Preprocessing,
        Train = splits.HasFlag(DatasetSplits.Train) ? Generate(DigitTrainCount, DatasetSplits.Train) : null,
        Test = splits.HasFlag(DatasetSplits.Test) ? Generate(DigitTestCount, DatasetSplits.Test) : null,
    };

    // The images never change with the seed of a run: a data set is the same for everybody.
    private static LabelledImages Generate(int count, DatasetSplits split) =>
        BuiltInDigits.Generate(count, new Runtime.DeterministicRandom(1, (long)split).NextSeed());
}
