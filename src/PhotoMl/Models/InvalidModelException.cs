namespace PhotoMl.Models;

/// <summary>Thrown when a model or checkpoint file is missing, damaged, or not what was expected.</summary>
public sealed class InvalidModelException : PhotoMlException
{
    private const int MostCharacters = 300;

    internal InvalidModelException(string path, string expected, string found, Exception? innerException = null)
        : base($"{path}: expected {Shorten(expected)}, but found {Shorten(found)}", innerException)
    {
        Path = path;
        Expected = expected;
        Found = found;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What was expected.</summary>
    public string Expected { get; }

    /// <summary>What was found.</summary>
    public string Found { get; }

    private static string Shorten(string text) => text.Length <= MostCharacters ? text : $"{text.AsSpan(0, MostCharacters)}...";
}
