namespace PhotoMl.Cli;

/// <summary>What the process tells whoever started it.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The command line makes no sense, or PhotoMl has a bug.</summary>
    public const int Usage = 1;

    /// <summary>Data, a model or a file is at fault.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl+C: 128 and the number of SIGINT, as shells count.</summary>
    public const int Cancelled = 130;

    /// <summary>SIGTERM, counted likewise.</summary>
    public const int Terminated = 143;
}
