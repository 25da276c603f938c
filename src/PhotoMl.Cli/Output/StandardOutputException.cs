namespace PhotoMl.Cli.Output;

/// <summary>Thrown when standard output is full or closed.</summary>
internal sealed class StandardOutputException(Exception innerException)
    : PhotoMlException($"standard output: cannot be written: {innerException.GetBaseException().Message.TrimEnd('.')}", innerException);
