namespace PhotoMl.Cli;

/// <summary>Thrown when what an option names is not what the command needs.</summary>
internal sealed class InputException(string subject, string expected, string found)
    : PhotoMlException($"{subject}: expected {expected}, but found {found}.");
