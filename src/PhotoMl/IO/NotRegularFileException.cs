namespace PhotoMl.IO;

/// <summary>Thrown where a file is to be read and something else bears its name; the message is what, such as "a pipe".</summary>
internal sealed class NotRegularFileException(string kind) : IOException(kind);
