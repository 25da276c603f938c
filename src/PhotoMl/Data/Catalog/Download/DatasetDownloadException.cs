namespace PhotoMl.Data;

/// <summary>A file could not be downloaded from any of its addresses, or not be stored.</summary>
public sealed class DatasetDownloadException : PhotoMlException
{
    /// <summary>Creates the exception for a file that no address gave.</summary>
    /// <param name="path">Where the file was to be stored.</param>
    /// <param name="failures">What went wrong at each address.</param>
    public DatasetDownloadException(string path, IReadOnlyList<DownloadFailure> failures)
        : base(Describe(path, failures))
    {
        Path = path;
        Failures = failures;
    }

    /// <summary>Creates the exception for a folder that cannot be written to.</summary>
    /// <param name="path">Where the file was to be stored.</param>
    /// <param name="innerException">Why that is not possible.</param>
    public DatasetDownloadException(string path, Exception innerException)
        : base($"{path}: expected to write here, but found that impossible ({innerException?.Message.ReplaceLineEndings(" ")}).", innerException)
    {
        Path = path;
        Failures = [];
    }

    /// <summary>Where the file was to be stored.</summary>
    public string Path { get; }

    /// <summary>What went wrong at each address, in the order they were tried.</summary>
    public IReadOnlyList<DownloadFailure> Failures { get; }

    private static string Describe(string path, IReadOnlyList<DownloadFailure> failures)
    {
        ArgumentNullException.ThrowIfNull(failures);
        var reasons = failures.Select(failure => $"{failure.Address} ({failure.Reason})");
        return $"{path}: expected to download it from one of {failures.Count} addresses, but found none that gave it: {string.Join("; ", reasons)}.";
    }
}
