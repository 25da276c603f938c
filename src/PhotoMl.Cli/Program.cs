namespace PhotoMl.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        var notice = new StopNotice();
        using var signals = new StopSignals(notice, StandardWriter.Error);
        return signals.Of(Cli.Run(args, new CliHost
        {
            Out = StandardWriter.Output,
            Error = StandardWriter.Error,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Width = Console.IsErrorRedirected ? CliHost.DefaultWidth : Math.Max(Console.WindowWidth, CliHost.SmallestWidth),
            CancellationToken = signals.Token,
            Stop = notice,
        }));
    }
}
