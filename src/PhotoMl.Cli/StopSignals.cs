using System.Runtime.InteropServices;
using PhotoMl.Training;

namespace PhotoMl.Cli;

/// <summary>Ends a command on Ctrl+C and SIGTERM, within a second whatever it is doing.</summary>
/// <remarks>
/// First the command is asked: it writes a checkpoint and returns. Where it does not see that in time, in a long native call or before a
/// pipe that nobody reads, the process ends without it. That harms nothing: files are written beside their place and renamed, those that
/// are appended to are read up to their last whole record, and a run goes on from its last checkpoint. A checkpoint that is being written
/// is waited for a little longer. A file that grows beyond the process's limit is an error of its writing, not the end of the process.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    private const PosixSignal FileTooLarge = (PosixSignal)25; // SIGXFSZ

    // The end of a process that holds a gigabyte takes the rest of the second.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FilePatience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LinePatience = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration? _tooLarge;
    private readonly StopNotice _notice;
    private readonly TextWriter _error;
    private int _exitCode;

    /// <param name="notice">What is said where the process ends without the command.</param>
    /// <param name="error">Standard error.</param>
    public StopSignals(StopNotice notice, TextWriter error)
    {
        (_notice, _error) = (notice, error);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, ExitCode.Cancelled));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, ExitCode.Terminated));
        _tooLarge = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true);
    }

    /// <summary>Asks the command to stop.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The exit code of a command, which does not know the signal that stopped it.</summary>
    public int Of(int exitCode) => exitCode == ExitCode.Cancelled && _exitCode != 0 ? _exitCode : exitCode;

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _tooLarge?.Dispose();
        _cancellation.Dispose();
    }

    // Each signal comes on a thread of its own, which the end of Main does not wait for.
    private void Stop(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) == 0)
        {
            _ = _cancellation.CancelAsync(); // what is to be called back may wait, and this thread must not
            Thread.Sleep(Patience);
            SpinWait.SpinUntil(() => !RunFolder.IsWriting, FilePatience);
        }

        // The command may be writing there, and never come to an end.
        var writing = new Thread(() => _notice.Give(_error, Console.IsErrorRedirected ? "" : "\n")) { IsBackground = true };
        writing.Start();
        writing.Join(LinePatience);
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(_exitCode);
        }

        EndProcess(_exitCode); // exit() would free what the threads of torch still use
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void EndProcess(int exitCode);
}
