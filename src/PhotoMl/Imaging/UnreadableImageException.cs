namespace PhotoMl.Imaging;

/// <summary>Thrown when a file cannot be turned into pixels: it is missing, empty, damaged, cut off, too large or no image at
/// all.</summary>
public sealed class UnreadableImageException : PhotoMlException
{
    internal UnreadableImageException(string path, string reason, Exception? innerException = null)
        : base($"{path}: {reason}.", innerException)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The file, as it was named by the caller.</summary>
    public string Path { get; }

    /// <summary>Why it cannot be read, in one line without the path and without a full stop.</summary>
    public string Reason { get; }
}
