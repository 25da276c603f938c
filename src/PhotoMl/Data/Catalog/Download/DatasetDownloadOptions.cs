namespace PhotoMl.Data;

/// <summary>How patient a download is.</summary>
public sealed record DatasetDownloadOptions
{
    /// <summary>How long to wait for a connection to one address; default 10 seconds, must be positive.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw OutOfRange(nameof(ConnectTimeout), value);
    }
    = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may send nothing before it is given up; default 30 seconds, must be positive.</summary>
    public TimeSpan StallTimeout
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw OutOfRange(nameof(StallTimeout), value);
    }
    = TimeSpan.FromSeconds(30);

    /// <summary>How often one address is asked for a file as long as every time brings more of it; default 5, at least 1.</summary>
    public int AttemptsPerAddress
    {
        get;
        init => field = value >= 1 ? value : throw OutOfRange(nameof(AttemptsPerAddress), value);
    }
    = 5;

    private static ArgumentOutOfRangeException OutOfRange(string name, object value) =>
        new(name, value, $"Expected a value above zero but got {value}.");
}
