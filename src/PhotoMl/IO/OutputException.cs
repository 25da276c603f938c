namespace PhotoMl.IO;

/// <summary>Thrown when a file cannot be written: the disk is full, permission is missing, the folder does not exist, or it would harm what
/// is read.</summary>
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

    /// <summary>Makes sure, before any work, that a file or folder to be written is apart from what is read, with symbolic links
    /// resolved.</summary>
    /// <param name="path">The file or folder; neither it nor its folder need exist.</param>
    /// <param name="inputs">The files and folders that are read.</param>
    /// <exception cref="OutputException">It is one of them, or lies within one.</exception>
    public static void ThrowIfInput(string path, IEnumerable<string> inputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(inputs);
        var real = RealPath.Of(path);
        if (inputs.Distinct().FirstOrDefault(input => RealPath.IsWithin(real, RealPath.Of(input))) is { } input)
        {
            throw new OutputException(path, $"expected a path outside of {input}, which is read");
        }
    }

    /// <summary>Makes sure that a file can be written, before the work whose result it is to hold: opens a temporary file beside its
    /// place, and removes it.</summary>
    /// <param name="path">The file, which is not touched; its folder must exist.</param>
    /// <exception cref="OutputException">It cannot be written.</exception>
    /// <remarks>A disk that is full by the time of the writing is not foreseen.</remarks>
    public static void ThrowIfNotWritable(string path) => AtomicFile.Try(path, () => new FileStream(
        AtomicFile.NewTemporary(path), FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.DeleteOnClose).Dispose());
}
