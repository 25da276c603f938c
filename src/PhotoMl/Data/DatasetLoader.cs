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
    /// <param name="data"><c>auto</c>, the id of a known set, a folder that holds the four IDX files or photos, or a CSV file that lists
    /// photos.</param>
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
        return DatasetSearch.Run(entry, options ?? new DatasetLoadOptions()).Found?.Path;
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
    internal static DatasetContent Read(string data, DatasetLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
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

    /// <summary>Finds the image files that files and folders stand for.</summary>
    /// <param name="paths">Files, which are returned whatever their name, and folders, which are searched with all their
    /// subfolders.</param>
    /// <returns>The files in the order of <paramref name="paths"/>; within a folder by path, in ordinal order. A path that is missing, a
    /// folder without an image, one that cannot be read and a link to what counts already are entries with a problem.</returns>
    /// <remarks>Of a folder, files named jpg, jpeg, png, webp, bmp or gif in any case; hidden ones are skipped. Each folder and each file
    /// counts once, however many links lead to it.</remarks>
    public static IReadOnlyList<ImageFileEntry> FindImages(IEnumerable<string> paths) => ImageFiles.Enumerate(paths);

    /// <summary>The files and folders that a data set is read from, which nothing may be written into.</summary>
    /// <param name="data">As for <see cref="Load"/>.</param>
    /// <param name="options">How the data set is found.</param>
    /// <returns>Their paths.</returns>
    public static IEnumerable<string> InputsOf(string data, DatasetLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (IsPhotos(data, options.Catalog))
        {
            return InputsOf([data], PhotoList.Open(data).Photos.Select(photo => photo.Path));
        }

        return options.Catalog.Find(data.Equals(Auto, StringComparison.OrdinalIgnoreCase) ? "mnist" : data) is not { } entry ? [data]
            : entry.IsBuiltIn ? []
            : [Find(entry, options) ?? Path.Combine(options.CacheFolder, entry.Id)];
    }

    /// <summary>What is read where some files and folders are named: these, and of what was found in a folder also the folders that links
    /// lead to.</summary>
    /// <param name="named">What the user named.</param>
    /// <param name="files">The files that were found.</param>
    /// <returns>Their paths.</returns>
    public static IEnumerable<string> InputsOf(IReadOnlyCollection<string> named, IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(named);
        ArgumentNullException.ThrowIfNull(files);
        var found = files.Except(named).ToList();
        var folders = named.Any(Directory.Exists) ? found.Select(file => Path.GetDirectoryName(file)!).Distinct() : [];
        return [.. named, .. folders, .. found];
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
        var splits = ReadSplits(options.Splits, split => ReadSplit(folder, split, entry, cancellationToken));
        return new DatasetContent(entry.Id, entry.Title, folder.Path, entry.ClassNames, entry.Preprocessing, splits);
    }

    private static (LabelledImages? Train, LabelledImages? Test) ReadSplits(DatasetSplits splits, Func<DatasetSplits, LabelledImages> read) =>
        (splits.HasFlag(DatasetSplits.Train) ? read(DatasetSplits.Train) : null, splits.HasFlag(DatasetSplits.Test) ? read(DatasetSplits.Test) : null);

    private static DatasetFolder Find(DatasetEntry entry, DatasetLoadOptions options, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        var search = DatasetSearch.Run(entry, options);
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
        var folder = Path.Combine(options.CacheFolder, entry.Id);
        return DatasetDownloader.Download(entry, folder, options.Progress, connectTimeout, DatasetDownloader.StallTimeout, cancellationToken);
    }

    private static DatasetContent ReadFolder(DatasetFolder folder, DatasetSplits splits, CancellationToken cancellationToken)
    {
        var (train, test) = ReadSplits(splits, split => ReadSplit(folder, split, entry: null, cancellationToken));
        var (height, width) = train is not null ? (train.Height, train.Width) : test is not null ? (test.Height, test.Width) : (28, 28);

        // The classes are those of the whole set, whichever split is loaded.
        var trainLabels = train?.Labels ?? IdxContent.Read(folder.Files[DatasetFileRole.TrainLabels], IdxKind.Labels, cancellationToken: cancellationToken).Body;
        var testLabels = test?.Labels ?? IdxContent.Read(folder.Files[DatasetFileRole.TestLabels], IdxKind.Labels, cancellationToken: cancellationToken).Body;
        var classes = Math.Max(trainLabels.Max(), testLabels.Max()) + 1;
        if (train is not null && test is not null && (train.Height, train.Width) != (test.Height, test.Width))
        {
            throw new InvalidDatasetException(
                folder.Files[DatasetFileRole.TestImages], $"images of {train.Height} x {train.Width} as for training", $"{test.Height} x {test.Width}");
        }

        return new DatasetContent(
            Path.GetFullPath(folder.Path),
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path))),
            folder.Path,
            [.. Enumerable.Range(0, classes).Select(label => $"{label}")],
            new ImagePreprocessing { Height = height, Width = width, Fit = ImageFit.Pad },
            (train, test));
    }

    private static DatasetContent ReadBuiltIn(DatasetEntry entry, DatasetSplits splits) =>
        new(entry.Id, entry.Title, "built in", entry.ClassNames, entry.Preprocessing, ReadSplits(splits, Generate));

    // The images never change with the seed of a run: a data set is the same for everybody.
    private static LabelledImages Generate(DatasetSplits split)
    {
        var (count, stream) = split == DatasetSplits.Train ? (DigitTrainCount, 1) : (DigitTestCount, 2);
        return BuiltInDigits.Generate(count, new Runtime.DeterministicRandom(1, stream).NextSeed());
    }
}
