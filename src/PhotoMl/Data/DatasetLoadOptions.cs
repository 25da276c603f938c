using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>How a data set is found and what of it is loaded.</summary>
public sealed record DatasetLoadOptions
{
    /// <summary>The default of <see cref="CacheLimit"/>: 20 GiB.</summary>
    public const long DefaultCacheLimit = 20L << 30;

    /// <summary>Which splits are loaded; default all.</summary>
    public DatasetSplits Splits { get; init; } = DatasetSplits.All;

    /// <summary>Whether a set that is not on the machine may be downloaded into the cache; default true.</summary>
    public bool AllowDownload { get; init; } = true;

    /// <summary>The folders in which known sets are searched, one folder a set; the cache comes last where it is not among them.</summary>
    /// <remarks>Default: the one that <c>PHOTOML_DATA</c> names, <c>data</c>, the user's cache and <c>/usr/share/datasets</c>.</remarks>
    public IReadOnlyList<string> Folders { get; init; } =
        DatasetPaths.Folders(Environment.GetEnvironmentVariable, Environment.CurrentDirectory);

    /// <summary>Where data sets are downloaded to and the pixels of photos kept. Default: <c>photoml</c> in the user's cache.</summary>
    public string CacheFolder { get; init; } = DatasetPaths.Cache(Environment.GetEnvironmentVariable);

    /// <summary>The known data sets; default the library's.</summary>
    public DatasetCatalog Catalog { get; init; } = DatasetCatalog.Default;

    /// <summary>The height and width of images, 1 to 4096; null (default) leaves known sets as they are and brings photos to 160.</summary>
    public int? ImageSize { get; init => field = Checked.InRange(value, 1, 4096, nameof(ImageSize)); }

    /// <summary>1 for gray, 3 for color; null leaves known sets as they are stored and reads photos in color. Default null.</summary>
    public int? Channels { get; init => field = value is { } count ? new ImagePreprocessing { Channels = count }.Channels : null; }

    /// <summary>Whether the rows and columns of IDX images are exchanged, as those of EMNIST need. Default false.</summary>
    public bool Transpose { get; init; }

    /// <summary>How photos are prepared, such as a model says; null (default) stretches them to <see cref="ImageSize"/>.</summary>
    public ImagePreprocessing? PhotoPreprocessing { get; init; }

    /// <summary>The most bytes that the pixels of photos take in their cache, of all collections together. Default 20 GiB.</summary>
    public long CacheLimit { get; init => field = Checked.InRange(value, 1, long.MaxValue, nameof(CacheLimit)); } = DefaultCacheLimit;

    /// <summary>Is given every piece of a download, every photo read or checked, and every image that
    /// <see cref="ClassifierRun.CheckLabels"/> predicts, from other threads but one at a time.</summary>
    public IProgress<WorkProgress>? Progress { get; init; }

    /// <summary>The photos of the data, where they are listed already, so that a large folder is searched once.</summary>
    internal PhotoList? Photos { get; init; }

    /// <summary>Whether photos of validation and test are loaded with those to train on.</summary>
    internal bool IgnoresSplits { get; init; }

    /// <summary>Is given each photo that is read and the record of it, from many threads, so that it is read and decoded once.</summary>
    internal Action<PhotoEntry, PhotoRecord, OpenImage>? Opened { get; init; }

    internal int Threads { get; init; } = Environment.ProcessorCount;

    internal TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may send nothing before the next one is asked.</summary>
    internal TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What the images of a data set are for.</summary>
[Flags]
public enum DatasetSplits
{
    /// <summary>Nothing, or of a photo: its collection does not say.</summary>
    None = 0,

    /// <summary>To train on.</summary>
    Train = 1,

    /// <summary>To choose the best epoch by.</summary>
    Validation = 2,

    /// <summary>To test on.</summary>
    Test = 4,

    /// <summary>All of these.</summary>
    All = Train | Validation | Test,
}

/// <summary>Where data sets are by default: folders with one folder a data set.</summary>
internal static class DatasetPaths
{
    public const string Variable = "PHOTOML_DATA";

    public static IReadOnlyList<string> Folders(Func<string, string?> variable, string workingDirectory) =>
    [
        .. variable(Variable) is { Length: > 0 } configured ? new[] { Path.GetFullPath(configured, workingDirectory) } : [],
        Path.Combine(workingDirectory, "data"),
        Cache(variable),
        .. OperatingSystem.IsWindows() ? Array.Empty<string>() : ["/usr/share/datasets"],
    ];

    public static string Cache(Func<string, string?> variable)
    {
        // The XDG base directory specification has relative paths ignored. A user without a home, as in some containers, gets the
        // temporary folder: all that is read from it is verified.
        var root = variable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathFullyQualified(cache) ? cache
            : OperatingSystem.IsLinux() && variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache")
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } local ? local
            : Path.GetTempPath();
        return Path.Combine(root, "photoml");
    }
}
