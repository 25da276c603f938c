namespace PhotoMl.Runtime;

/// <summary>Thrown when libtorch or TorchSharp's native part cannot be loaded.</summary>
public sealed class NativeLibraryException : PhotoMlException
{
    internal NativeLibraryException(string path, string reason, string remedy)
        : base($"{path}: cannot load the native library because {reason}; {remedy}.")
    {
        Path = path;
        Reason = reason;
        Remedy = remedy;
    }

    /// <summary>The file, or its name where it was found nowhere.</summary>
    public string Path { get; }

    /// <summary>Why it cannot be loaded.</summary>
    public string Reason { get; }

    /// <summary>What to install or do.</summary>
    public string Remedy { get; }
}
