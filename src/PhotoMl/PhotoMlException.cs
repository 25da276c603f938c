namespace PhotoMl;

/// <summary>The base of what PhotoMl throws when the world, not the caller, is at fault: a file, a model, an address, a native
/// library.</summary>
/// <remarks>The message is one line that names the thing, what was expected and what was found; the command line prints it as it
/// is.</remarks>
public abstract class PhotoMlException : Exception
{
    /// <summary>Creates the exception with its one-line message.</summary>
    /// <param name="message">What was expected and what was found, in one line; control characters become question marks.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    protected PhotoMlException(string message, Exception? innerException = null)
        : base(ForeignText.Printable(message), innerException) // which must not write lines of its own
    {
    }

    /// <summary>What another exception says, as a part of a sentence on one line.</summary>
    internal static string ReasonOf(Exception exception) => exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    /// <summary>A number of things, such as 1 byte or 10 bytes.</summary>
    internal static string Count(long count, string thing) => $"{count:N0} {thing}{(count == 1 ? "" : "s")}";
}
