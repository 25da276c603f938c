using PhotoMl.Data;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>sort --json</c> prints; the list is null where nothing was made.</summary>
internal sealed class SortJson(string what, string? list, IReadOnlyList<KeyValuePair<string, int>> folders, SortOutcome outcome)
{
    public string Command => "sort";
    public string What => what;
    public string? List => list;
    public int Images => outcome.Done;
    public int Present => outcome.Present;
    public IEnumerable<FolderJson> Folders => folders.Select(folder => new FolderJson(folder.Key, folder.Value));
    public IEnumerable<ProblemJson> Problems => ProblemJson.Of(outcome.Problems);
}

/// <summary>A folder with the number of its images.</summary>
internal sealed record FolderJson(string Name, int Images);
