using System.Runtime.InteropServices;

namespace PhotoMl.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        return Cli.Run(args, new CliHost
        {
            Out = Console.Out,
            Error = Console.Error,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Width = Console.IsErrorRedirected ? CliHost.DefaultWidth : Math.Max(Console.WindowWidth, CliHost.SmallestWidth),
            CancellationToken = cancellation.Token,
        });

        // A second signal ends the process at once.
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }
}
