namespace PhotoMl.Data;

/// <summary>Finds known data sets on the machine.</summary>
/// <remarks>
/// The first folder that holds all files of the set wins, raw or gzip: <c>$PHOTOML_DATA/ID</c>, <c>data/ID</c> under the working directory,
/// the user's cache, <c>/usr/share/datasets/ID</c>. The files are not opened here; whoever reads them verifies their hashes.
/// </remarks>
/// <param name="paths">The folders to look in.</param>
public sealed class DatasetLocator(DatasetPaths paths)
{
    /// <summary>Looks for a data set.</summary>
    /// <param name="entry">A data set with files.</param>
    /// <returns>Where it is, or where it was looked for in vain.</returns>
    public DatasetSearch Locate(DatasetEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.IsBuiltIn)
        {
            throw new ArgumentException($"Expected a data set with files but got {entry.Id}, which is built in.", nameof(entry));
        }

        var tried = new List<DatasetFolder>();
        foreach (var path in paths.FoldersFor(entry.Id))
        {
            tried.Add(DatasetFolder.Inspect(path, entry));
            if (tried[^1].IsComplete)
            {
                break;
            }
        }

        return new DatasetSearch(entry, tried);
    }
}
