namespace PhotoMl;

/// <summary>How far some work is: a download, the reading or the check of photos, an evaluation.</summary>
public sealed record WorkProgress
{
    /// <summary>What is under way, such as <c>reading photos</c>.</summary>
    public required string Activity { get; init; }

    /// <summary>How many bytes of a download, else how many files, images or steps are done.</summary>
    public required long Done { get; init; }

    /// <summary>How many there are; null where that is not known, and while another process that reads the same photos is waited
    /// for.</summary>
    public long? Total { get; init; }

    /// <summary>How many of the photos that are done cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>Whether bytes are counted.</summary>
    public bool IsBytes { get; init; }
}
