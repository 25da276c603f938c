namespace PhotoMl.Data;

/// <summary>One line of a journal; which members it has depends on its state.</summary>
internal sealed record SortRecord(SortState State)
{
    /// <summary>Of the first line: the folder that is sorted into.</summary>
    public string? Into { get; init; }

    /// <summary>Of the first line: whether photos are linked instead of copied.</summary>
    public bool? HardLinks { get; init; }

    /// <summary>Of the first line: how many photos are planned.</summary>
    public int? Count { get; init; }

    /// <summary>The number of the photo in the plan, from 0.</summary>
    public int? Id { get; init; }

    /// <summary>Of the plan: the photo.</summary>
    public string? Source { get; init; }

    /// <summary>Of the plan: the name of the folder; of a folder that was made: its path.</summary>
    public string? Folder { get; init; }

    /// <summary>The temporary file.</summary>
    public string? Part { get; init; }

    /// <summary>The photo's place.</summary>
    public string? Target { get; init; }

    /// <summary>The SHA-256 of what is put in its place.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Problem { get; init; }
}
