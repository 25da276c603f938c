namespace PhotoMl.Data;

/// <summary>Where the pixels of photos are kept, and how many.</summary>
public sealed record PhotoCacheOptions
{
    /// <summary>The default of <see cref="Limit"/>: 20 GiB.</summary>
    public const long DefaultLimit = 20L << 30;

    /// <summary>The folder of the cache files; it is made where it does not exist.</summary>
    public required string Folder { get; init => field = !string.IsNullOrEmpty(value) ? value : throw new ArgumentException("Expected a folder but got none."); }

    /// <summary>The most bytes all cache files of the folder take together; those that were not used for longest make way. Default 20 GiB.</summary>
    public long Limit
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), $"Expected a limit of at least 1 byte but got {value}.");
    } = DefaultLimit;

    /// <summary>The threads that decode. Default as many as the machine has.</summary>
    public int Threads
    {
        get;
        init => field = value is >= 1 and <= 4096 ? value : throw new ArgumentOutOfRangeException(nameof(value), $"Expected 1 to 4096 threads but got {value}.");
    } = Environment.ProcessorCount;
}
