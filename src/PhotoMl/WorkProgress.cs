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

/// <summary>A line for the user of a task that is under way.</summary>
/// <param name="Text">The line, without a line break at its end.</param>
/// <param name="IsWarning">Whether it should be shown even where no progress is wanted.</param>
public sealed record StatusMessage(string Text, bool IsWarning);

/// <summary>Calls back on the thread that reports, before it goes on; <see cref="Progress{T}"/> calls back later and on another.</summary>
/// <typeparam name="T">What is reported.</typeparam>
/// <param name="report">What to do with it.</param>
public sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
