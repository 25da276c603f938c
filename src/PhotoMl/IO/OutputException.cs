namespace PhotoMl.IO;

/// <summary>Thrown when a file cannot be written: the disk is full, permission is missing, the folder does not exist.</summary>
public sealed class OutputException : PhotoMlException
{
    internal OutputException(string path, string reason, Exception? innerException = null)
        : base($"{path}: cannot be written: {reason}", innerException)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Why it cannot be written.</summary>
    public string Reason { get; }
}
