namespace PhotoMl.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The name of the file being downloaded.</param>
/// <param name="FileNumber">Which of the set's files it is, from 1.</param>
/// <param name="FileCount">The number of the set's files.</param>
/// <param name="Address">Where it comes from.</param>
/// <param name="BytesReceived">The bytes of the file on disk by now, an earlier attempt's included.</param>
/// <param name="BytesTotal">The bytes the file has as it is sent; <see langword="null"/> where the server does not say.</param>
public sealed record DownloadProgress(string File, int FileNumber, int FileCount, Uri Address, long BytesReceived, long? BytesTotal);
