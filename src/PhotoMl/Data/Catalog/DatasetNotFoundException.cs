namespace PhotoMl.Data;

/// <summary>A known data set is not on the machine, and was not or could not be downloaded.</summary>
public sealed class DatasetNotFoundException : PhotoMlException
{
    internal DatasetNotFoundException(DatasetSearch search, DatasetDownloadException? innerException = null)
        : base(Describe(search, innerException), innerException)
    {
        Search = search;
    }

    /// <summary>The id of the data set.</summary>
    public string Id => Search.Entry.Id;

    internal DatasetSearch Search { get; }

    private static string Describe(DatasetSearch search, DatasetDownloadException? download)
    {
        var id = search.Entry.Id;
        var reason = download is null ? "downloading was not allowed" : $"the download failed: {download.Message.TrimEnd('.')}";
        return $"{id}: expected its {search.Entry.Files.Count} files in one folder, but found them in none of {search.Describe()}; {reason}. "
            + $"Download it where there is a network, or put the files into data/{id} or ${DatasetPaths.Variable}/{id}.";
    }
}
