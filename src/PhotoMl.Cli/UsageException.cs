namespace PhotoMl.Cli;

/// <summary>Thrown when options that are right each for itself make no sense together.</summary>
internal sealed class UsageException(string message) : Exception(message);
