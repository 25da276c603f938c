using PhotoMl.Data;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>sort --json</c> prints; the list is null where nothing was made.</summary>
internal sealed class SortJson(string what, string? list, IReadOnlyList<FolderJson> folders, SortOutcome outcome)
{
    public string Command => "sort";
    public string What => what;
    public string? List => list;
    public int Images => outcome.Done;
    public int Present => outcome.Present;
    public IEnumerable<FolderJson> Folders => folders;
    public IEnumerable<ImageFileEntry> Problems => outcome.Problems;
}

/// <summary>A folder with the label of its images, a class or that of the unsure, and their number.</summary>
internal sealed record FolderJson(string Name, string Label, int Images);
