namespace PhotoMl.Data;

/// <summary>Where a known data set was looked for, and whether it was found.</summary>
/// <param name="Entry">The data set.</param>
/// <param name="Tried">The folders that were looked into, in order; the last one is the hit where there is one.</param>
public sealed record DatasetSearch(DatasetEntry Entry, IReadOnlyList<DatasetFolder> Tried)
{
    /// <summary>The first folder that holds all files; <see langword="null"/> where none does.</summary>
    public DatasetFolder? Found => Tried.FirstOrDefault(folder => folder.IsComplete);

    /// <summary>The folders that hold some of the files but not all.</summary>
    public IEnumerable<DatasetFolder> Partial => Tried.Where(folder => !folder.IsComplete && folder.Files.Count > 0);

    internal string Describe() => string.Join(", ", Tried.Select(folder => folder.Describe()));
}
