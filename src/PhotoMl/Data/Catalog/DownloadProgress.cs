namespace PhotoMl.Data;

/// <summary>How far a download is.</summary>
public sealed record DownloadProgress
{
    /// <summary>The name of the file being downloaded.</summary>
    public required string File { get; init; }

    /// <summary>Which of the set's files it is, from 1.</summary>
    public required int FileNumber { get; init; }

    /// <summary>The number of the set's files.</summary>
    public required int FileCount { get; init; }

    /// <summary>Where it comes from.</summary>
    public required Uri Address { get; init; }

    /// <summary>The bytes received by now.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>The bytes the file has as it is sent; <see langword="null"/> where the server does not say.</summary>
    public required long? BytesTotal { get; init; }
}
