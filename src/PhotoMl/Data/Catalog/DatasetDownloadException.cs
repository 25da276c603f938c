namespace PhotoMl.Data;

/// <summary>A file could not be downloaded from any of its addresses, or not be stored.</summary>
public sealed class DatasetDownloadException : PhotoMlException
{
    internal DatasetDownloadException(string path, IReadOnlyList<string> failures)
        : base($"{path}: expected to download it from one of {failures.Count} addresses, but found none that gave it: {string.Join("; ", failures)}.")
    {
        Path = path;
        Failures = failures;
    }

    internal DatasetDownloadException(string path, Exception innerException)
        : base($"{path}: expected to write here, but found that impossible ({innerException.Message.ReplaceLineEndings(" ")}).", innerException)
    {
        Path = path;
        Failures = [];
    }

    /// <summary>Where the file was to be stored.</summary>
    public string Path { get; }

    /// <summary>Each address, in the order they were tried, with what went wrong.</summary>
    public IReadOnlyList<string> Failures { get; }
}
