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

    /// <summary>The folders in which known sets are looked for, each of which may hold one folder a set; the cache comes last where it is
    /// not among them.</summary>
    /// <remarks>Default: the one that <c>PHOTOML_DATA</c> names, <c>data</c>, the user's cache and <c>/usr/share/datasets</c>.</remarks>
    public IReadOnlyList<string> Folders { get; init; } = DatasetPaths.Folders(Environment.GetEnvironmentVariable, Environment.CurrentDirectory);

    /// <summary>Where data sets are downloaded to, and in its folder <c>photos</c> the pixels of photos kept. Default: <c>photoml</c> in
    /// the user's cache.</summary>
    public string CacheFolder { get; init; } = DatasetPaths.Cache(Environment.GetEnvironmentVariable);

    /// <summary>The known data sets; default the library's.</summary>
    public DatasetCatalog Catalog { get; init; } = DatasetCatalog.Default;

    /// <summary>The height and width images are brought to, 1 to 4096; null leaves known sets as they are stored and brings photos to 128.
    /// Default null.</summary>
    public int? ImageSize
    {
        get;
        init => field = value is null or (>= 1 and <= 4096) ? value : throw new ArgumentOutOfRangeException(nameof(value), $"Expected a size of 1 to 4096 pixels but got {value}.");
    }

    /// <summary>1 for gray, 3 for color; null leaves known sets as they are stored and reads photos in color. Default null.</summary>
    public int? Channels
    {
        get;
        init => field = value is null or 1 or 3 ? value : throw new ArgumentOutOfRangeException(nameof(value), $"Expected 1 or 3 channels but got {value}.");
    }

    /// <summary>How photos are prepared, such as a model says; null stretches them to <see cref="ImageSize"/>. Known sets are not changed
    /// by it. Default null.</summary>
    public ImagePreprocessing? PhotoPreprocessing { get; init; }

    /// <summary>The most bytes that the pixels of photos take in their cache, of all collections together. Default 20 GiB.</summary>
    public long CacheLimit { get; init => field = Checked.InRange(value, 1, long.MaxValue, nameof(CacheLimit)); } = DefaultCacheLimit;

    /// <summary>Is given every piece of a download that arrives and every photo that is read or checked, from other threads but one at a
    /// time; default nobody.</summary>
    public IProgress<WorkProgress>? Progress { get; init; }
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
