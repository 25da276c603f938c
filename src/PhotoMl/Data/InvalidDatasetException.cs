namespace PhotoMl.Data;

/// <summary>A file or folder of images is missing, damaged or not what it was taken for.</summary>
/// <param name="path">The file or folder at fault, or the name it was asked for by.</param>
/// <param name="expected">What should have been there.</param>
/// <param name="found">What was there.</param>
/// <param name="innerException">What caused it, if anything did.</param>
public sealed class InvalidDatasetException(string path, string expected, string found, Exception? innerException = null)
    : PhotoMlException($"{path}: expected {expected}, but found {found}.", innerException)
{
    /// <summary>The file or folder at fault, or the name it was asked for by.</summary>
    public string Path { get; } = path;

    /// <summary>What should have been there.</summary>
    public string Expected { get; } = expected;

    /// <summary>What was there.</summary>
    public string Found { get; } = found;
}
