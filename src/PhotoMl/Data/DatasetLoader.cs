using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Turns what the user names (<c>auto</c>, a known id, a folder) into images and labels.</summary>
public static class DatasetLoader
{
    /// <summary>The name that stands for MNIST where it can be had, and for the built-in digits where it cannot.</summary>
    public const string Auto = "auto";

    /// <summary>Loads a data set into tensors, or photos into a cache file from which they are read batch by batch.</summary>
    /// <param name="data"><c>auto</c>, a known set's id, a folder of the four IDX files or of photos, or a CSV file of photos.</param>
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
        var isPhotos = IsPhotos(data, options.Catalog);
        if (options.Transpose && (isPhotos || IsAuto(data) || options.Catalog.Find(data) is not null))
        {
            throw new InvalidDatasetException(data, "a folder of IDX files to transpose (Transpose)", isPhotos ? "photos" : "a known set");
        }

        return isPhotos ? PhotoDataset.Load(data, options, cancellationToken)
            : IsAuto(data) ? LoadAuto(options, cancellationToken)
            : options.Catalog.Find(data) is not { } entry ? LoadFolder(InspectFolder(data, options.Catalog), options, cancellationToken)
            : entry.IsBuiltIn ? LoadBuiltIn(entry, options)
            : LoadKnown(entry, options, cancellationToken);
    }

    /// <summary>Whether a name means photos: a folder that holds none of the IDX files, or a CSV file.</summary>
    /// <param name="data">What the user named.</param>
    /// <param name="catalog">The known sets, whose names come first.</param>
    public static bool IsPhotos(string data, DatasetCatalog catalog)
    {
        ArgumentException.ThrowIfNullOrEmpty(data);
        ArgumentNullException.ThrowIfNull(catalog);
        return !IsAuto(data)
            && catalog.Find(data) is null
            && (Directory.Exists(data)
                ? DatasetFolder.InspectAny(data).Files.Count == 0
                : File.Exists(data) && PhotoCsv.HasExtension(data));
    }

    /// <summary>Finds the folder that holds a known set on this machine.</summary>
    /// <param name="entry">The set.</param>
    /// <param name="options">Where it is searched; <see langword="null"/> for the defaults.</param>
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
        return DatasetDownloader.Download(entry, options ?? new DatasetLoadOptions(), cancellationToken).Path;
    }

    /// <summary>Finds the image files that files and folders stand for.</summary>
    /// <param name="paths">Files, which are returned whatever their name, and folders, which are searched with all below them.</param>
    /// <param name="messages">Is given how many files of each folder are not read, by kind, and what was left out for its name.</param>
    /// <returns>The files in the order of <paramref name="paths"/>; within a folder by path, in ordinal order. A path that is missing, a
    /// folder without an image, one that cannot be read and a link to what counts already are entries with a problem.</returns>
    /// <remarks>Of a folder, files named jpg, jpeg, png, webp, bmp or gif in any case and those that begin as such images do; pictures of
    /// other formats are problems. Hidden files and what operating systems, network storage and editors keep there are left out. Each
    /// folder and each file counts once, however many links lead to it.</remarks>
    public static IReadOnlyList<ImageFileEntry> FindImages(IEnumerable<string> paths, IProgress<StatusMessage>? messages = null)
    {
        var entries = new List<ImageFileEntry>();
        foreach (var path in paths)
        {
            if (!Directory.Exists(path))
            {
                entries.Add(new ImageFileEntry(path, File.Exists(path) ? null : "there is no such file or folder"));
                continue;
            }

            var search = new ImageFiles();
            var found = search.Find([path], above: []).Select(item => item.Entry).ToList();
            entries.AddRange(found.Where(entry => ImageFormat.KindIn(entry.Problem) is not { } kind || ImageFormat.IsPicture(kind)));
            foreach (var message in new[] { ImageFormat.Count(found.Select(entry => entry.Problem)), search.LeftOut }.OfType<string>())
            {
                messages?.Report(new StatusMessage($"{path}: {message}", IsWarning: true));
            }
        }

        return entries;
    }

    /// <summary>The files and folders that a data set is read from, which nothing may be written into.</summary>
    /// <param name="data">As for <see cref="Load"/>.</param>
    /// <param name="options">How the data set is found.</param>
    /// <returns>Their paths.</returns>
    public static IEnumerable<string> InputsOf(string data, DatasetLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return IsPhotos(data, options.Catalog) ? InputsOf([data], PhotoList.Open(data, options).Photos.Select(photo => photo.Path))
            : options.Catalog.Find(IsAuto(data) ? "mnist" : data) is not { } entry ? [data]
            : entry.IsBuiltIn ? []
            : [Find(entry, options) ?? Path.Combine(options.CacheFolder, entry.Id)];
    }

    /// <summary>What is read where some files and folders are named: these, what was found in the folders, and where that lies.</summary>
    /// <param name="named">What the user named.</param>
    /// <param name="files">The files that were found.</param>
    /// <returns>Their paths.</returns>
    public static IEnumerable<string> InputsOf(IReadOnlyCollection<string> named, IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(named);
        ArgumentNullException.ThrowIfNull(files);
        var found = files.Except(named).ToList();
        var folders = found.Select(file => Path.GetDirectoryName(file)!).Distinct();
        return [.. named, .. folders, .. found];
    }

    /// <summary>Lists photos once for all that is done with these options.</summary>
    internal static DatasetLoadOptions WithPhotos(string data, DatasetLoadOptions options) =>
        IsPhotos(data, options.Catalog) ? options with { Photos = PhotoList.Open(data, options).With(options) } : options;

    /// <summary>Inspects a folder the user named, which must hold the four IDX files.</summary>
    internal static DatasetFolder InspectFolder(string path, DatasetCatalog catalog)
    {
        var ids = string.Join(", ", catalog.Entries.Select(known => known.Id));
        if (!Directory.Exists(path))
        {
            var found = File.Exists(path) ? RegularFile.FindOtherKind(path) ?? "a file" : "no set and no folder of that name";
            throw new InvalidDatasetException(
                path, $"{Auto}, {ids}, a folder of photos, a CSV file that lists them, or a folder with the four IDX files", found);
        }

        var folder = DatasetFolder.InspectAny(path);
        if (folder.Others.Count > 0)
        {
            var sets = folder.Others.Prepend(folder.Prefix).Select(prefix => prefix.TrimEnd('-'));
            throw new InvalidDatasetException(
                path, "the four IDX files of one data set", $"those of {string.Join(", ", sets)}; give each a folder of its own");
        }

        return folder.IsComplete
            ? folder
            : throw new InvalidDatasetException(
                path, $"a known set ({ids}) or a folder with the four IDX files", $"a folder without {string.Join(", ", folder.Missing)}");
    }

    /// <summary>Draws the built-in digits of one split, which never change with the seed of a run.</summary>
    internal static LabelledImages DrawDigits(DatasetSplits split) => split == DatasetSplits.Train
        ? BuiltInDigits.Generate(60_000, new DeterministicRandom(1, 1).NextSeed())
        : BuiltInDigits.Generate(10_000, new DeterministicRandom(1, 2).NextSeed());

    private static bool IsAuto(string data) => data.Equals(Auto, StringComparison.OrdinalIgnoreCase);

    private static LoadedDataset LoadAuto(DatasetLoadOptions options, CancellationToken cancellationToken)
    {
        var (mnist, digits) = (options.Catalog.Find("mnist"), options.Catalog.Find("digits"));
        if (mnist is null || digits is null)
        {
            throw new ArgumentException("Expected a catalog with mnist and digits but got one without.", nameof(options));
        }

        try
        {
            // Shorter than a download that was asked for, as the built-in digits will do instead.
            return LoadKnown(mnist, options with { ConnectTimeout = options.ConnectTimeout / 2 }, cancellationToken);
        }
        catch (DatasetNotFoundException exception)
        {
            var partial = exception.Search.Tried.Where(folder => folder.Files.Count > 0).Select(folder => $" ({folder.Describe()})");
            var permission = options.AllowDownload ? "could" : "may";
            return LoadBuiltIn(
                digits,
                options,
                $"MNIST is neither on this machine{string.Concat(partial)} nor {permission} it be downloaded, "
                + "so the built-in digits stand in for it; to get it, download it where there is a network, "
                + $"or put its four files into data/mnist or ${DatasetPaths.Variable}/mnist.");
        }
    }

    private static LoadedDataset LoadBuiltIn(DatasetEntry entry, DatasetLoadOptions options, string? notice = null) =>
        Make((entry.Id, entry.Title, "built in"), entry.ClassNames, entry.Preprocessing, Read(options, DrawDigits), options, notice);

    private static LoadedDataset LoadKnown(DatasetEntry entry, DatasetLoadOptions options, CancellationToken cancellationToken)
    {
        var search = DatasetSearch.Run(entry, options);
        DatasetFolder folder;
        try
        {
            folder = search.Found ?? (options.AllowDownload
                ? DatasetDownloader.Download(entry, options, cancellationToken)
                : throw new DatasetNotFoundException(search));
        }
        catch (DatasetDownloadException exception)
        {
            throw new DatasetNotFoundException(search, exception);
        }

        var splits = Read(options, split => ReadSplit(folder, split, entry, cancellationToken));
        return Make((entry.Id, entry.Title, folder.Path), entry.ClassNames, entry.Preprocessing, splits, options);
    }

    private static LoadedDataset LoadFolder(DatasetFolder folder, DatasetLoadOptions options, CancellationToken cancellationToken)
    {
        var (train, test) = Read(options, split =>
        {
            var images = ReadSplit(folder, split, entry: null, cancellationToken);
            return options.Transpose ? IdxOrientation.Transpose(images) : images;
        });
        var orientation = options.Transpose ? null : IdxOrientation.FindNotice(folder, train ?? test);
        var (height, width) = (train ?? test) is { } images ? (images.Height, images.Width) : (28, 28);
        if (test is not null && (test.Height, test.Width) != (height, width))
        {
            throw new InvalidDatasetException(
                folder.Files[DatasetFileRole.TestImages], $"images of {height} x {width} as for training", $"{test.Height} x {test.Width}");
        }

        // The classes are those of the whole set, whichever split is loaded.
        var trainLabels = train?.Labels ?? ReadFile(folder, DatasetFileRole.TrainLabels, entry: null, cancellationToken).Body;
        var testLabels = test?.Labels ?? ReadFile(folder, DatasetFileRole.TestLabels, entry: null, cancellationToken).Body;
        var classes = Math.Max(trainLabels.Max(), testLabels.Max()) + 1;
        var path = Path.GetFullPath(folder.Path);
        return Make(
            (path, Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), folder.Path),
            [.. Enumerable.Range(0, classes).Select(label => $"{label}")],
            new ImagePreprocessing { Height = height, Width = width, Fit = ImageFit.Pad },
            (train, test),
            options,
            orientation);
    }

    private static (LabelledImages?, LabelledImages?) Read(DatasetLoadOptions options, Func<DatasetSplits, LabelledImages> read) =>
        (options.Splits.HasFlag(DatasetSplits.Train) ? read(DatasetSplits.Train) : null,
            options.Splits.HasFlag(DatasetSplits.Test) ? read(DatasetSplits.Test) : null);

    private static LabelledImages ReadSplit(DatasetFolder folder, DatasetSplits split, DatasetEntry? entry, CancellationToken token)
    {
        var (images, labels) = split == DatasetSplits.Train
            ? (DatasetFileRole.TrainImages, DatasetFileRole.TrainLabels)
            : (DatasetFileRole.TestImages, DatasetFileRole.TestLabels);
        return LabelledImages.Combine(
            ReadFile(folder, images, entry, token), ReadFile(folder, labels, entry, token), entry?.ClassNames.Count);
    }

    // Verified where the catalog knows it.
    private static IdxContent ReadFile(DatasetFolder folder, DatasetFileRole role, DatasetEntry? entry, CancellationToken token) =>
        IdxContent.Read(folder.Files[role], IdxKind.Of(role), entry?.Files.First(file => file.Role == role), token);

    private static LoadedDataset Make(
        (string Id, string Title, string Source) name,
        IReadOnlyList<string> classNames,
        ImagePreprocessing preprocessing,
        (LabelledImages? Train, LabelledImages? Test) splits,
        DatasetLoadOptions options,
        string? notice = null)
    {
        return new LoadedDataset(name.Id, name.Title, name.Source, ToDataset("train", splits.Train), null, ToDataset("test", splits.Test))
        {
            Notice = notice,
            IsKnown = options.Catalog.Find(name.Id) is not null,
        };

        ImageDataset? ToDataset(string split, LabelledImages? images)
        {
            if (images is null)
            {
                return null;
            }

            var labels = Array.ConvertAll(images.Labels, label => (long)label);
            var stored = ImageDataset.FromBytes(
                $"{name.Id} {split}", images.Pixels, 1, images.Height, images.Width, labels, classNames, preprocessing, notice);
            stored.IsTransposed = options.Transpose;
            var (channels, height, width) = (options.Channels ?? 1, options.ImageSize ?? images.Height, options.ImageSize ?? images.Width);
            if ((channels, height, width) == (1, images.Height, images.Width))
            {
                return stored;
            }

            using var original = stored;
            return original.ConvertTo(channels, height, width);
        }
    }
}
