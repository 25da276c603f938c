using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>How a data set is found and what of it is loaded.</summary>
public sealed record DatasetLoadOptions
{
    /// <summary>The default of <see cref="CacheLimit"/>: 20 GiB.</summary>
    public const long DefaultCacheLimit = 20L << 30;

    /// <summary>Which splits are loaded; default both.</summary>
    public DatasetSplits Splits { get; init; } = DatasetSplits.Both;

    /// <summary>Whether a set that is not on the machine may be downloaded into the cache; default true.</summary>
    public bool AllowDownload { get; init; } = true;

    /// <summary>The folders to look in; default those of the process's environment.</summary>
    public DatasetPaths Paths { get; init; } = DatasetPaths.FromEnvironment();

    /// <summary>The known data sets; default the library's.</summary>
    public DatasetCatalog Catalog { get; init; } = DatasetCatalog.Default;

    /// <summary>The height and width images are brought to, 1 to 4096; null leaves known sets as they are stored and brings photos to 128. Default null.</summary>
    public int? ImageSize
    {
        get;
        init => field = value is null or (>= 1 and <= 4096) ? value : throw new ArgumentOutOfRangeException(nameof(value), $"Expected a size of 1 to 4096 pixels but got {value}.");
    }

    /// <summary>1 for grey, 3 for colour; null leaves known sets as they are stored and reads photos in colour. Default null.</summary>
    public int? Channels
    {
        get;
        init => field = value is null or 1 or 3 ? value : throw new ArgumentOutOfRangeException(nameof(value), $"Expected 1 or 3 channels but got {value}.");
    }

    /// <summary>How photos are prepared, such as a model says; null stretches them to <see cref="ImageSize"/>. Known sets are not changed by it. Default null.</summary>
    public ImagePreprocessing? PhotoPreprocessing { get; init; }

    /// <summary>Where the pixels of photos are kept; null for the folder <c>photos</c> in the user's cache. Default null.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The most bytes that the pixels of photos take in their cache, of all collections together. Default 20 GiB.</summary>
    public long CacheLimit { get; init => field = Checked.InRange(value, 1, long.MaxValue, nameof(CacheLimit)); } = DefaultCacheLimit;

    /// <summary>Given every photo that is read, from other threads but one at a time; default nobody.</summary>
    public IProgress<PhotoCacheProgress>? PhotoProgress { get; init; }

    /// <summary>Given every piece of a download that arrives, from another thread; default nobody.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }
}

/// <summary>Which splits of a data set are loaded.</summary>
[Flags]
public enum DatasetSplits
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The images to train on.</summary>
    Train = 1,

    /// <summary>The images to test on.</summary>
    Test = 2,

    /// <summary>Both.</summary>
    Both = Train | Test,
}
