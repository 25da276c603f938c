namespace PhotoMl.Data;

/// <summary>A known data set is not on the machine, and was not or could not be downloaded.</summary>
public sealed class DatasetNotFoundException : PhotoMlException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="search">Where the data set was looked for.</param>
    /// <param name="innerException">Why it could not be downloaded, if that was tried.</param>
    public DatasetNotFoundException(DatasetSearch search, DatasetDownloadException? innerException = null)
        : base(Describe(search, innerException), innerException)
    {
        Search = search;
    }

    /// <summary>Where the data set was looked for.</summary>
    public DatasetSearch Search { get; }

    private static string Describe(DatasetSearch search, DatasetDownloadException? download)
    {
        ArgumentNullException.ThrowIfNull(search);
        var id = search.Entry.Id;
        var reason = download is null ? "downloading was not allowed" : $"the download failed: {download.Message.TrimEnd('.')}";
        return $"{id}: expected its {search.Entry.Files.Count} files in one folder, but found them in none of {search.Describe()}; {reason}. "
            + $"Run 'photoml data get {id}' where there is a network, or put the files into data/{id} or ${DatasetPaths.Variable}/{id}.";
    }
}
