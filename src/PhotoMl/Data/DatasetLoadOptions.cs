namespace PhotoMl.Data;

/// <summary>How a data set is found and what of it is loaded.</summary>
public sealed record DatasetLoadOptions
{
    /// <summary>Which halves are loaded; default both.</summary>
    public DatasetSplits Splits { get; init; } = DatasetSplits.Both;

    /// <summary>Whether a set that is not on the machine may be downloaded into the cache; default true.</summary>
    public bool AllowDownload { get; init; } = true;

    /// <summary>How patient a download is; default <see cref="DatasetDownloadOptions"/>'s defaults.</summary>
    public DatasetDownloadOptions Download { get; init; } = new();

    /// <summary>The longest wait for a connection where the built-in digits will do instead; default 5 seconds.</summary>
    public TimeSpan AutoConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The folders to look in; default those of the process's environment.</summary>
    public DatasetPaths Paths { get; init; } = DatasetPaths.FromEnvironment();

    /// <summary>The known data sets; default the library's.</summary>
    public DatasetCatalog Catalog { get; init; } = DatasetCatalog.Default;

    /// <summary>Told about every piece of a download that arrives, from another thread; default nobody.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }
}
