using System.Diagnostics;

namespace PhotoMl.Cli.Output;

/// <summary>One line of progress: drawn over in place on a terminal, now and then as a line of its own elsewhere.</summary>
internal sealed class StatusLine(CliHost host, bool quiet) : IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private bool _isDrawn;

    /// <summary>Shows a text if the last one has been there long enough. Safe from any thread.</summary>
    public void Show(Func<string> text)
    {
        lock (_gate)
        {
            if (quiet || _sinceShown.Elapsed < (host.ErrorIsTerminal ? TerminalInterval : PlainInterval))
            {
                return;
            }

            _sinceShown.Restart();
            if (host.ErrorIsTerminal)
            {
                host.Error.Write($"\r{Text.Shorten(text(), host.Width - 1)}\e[K");
                _isDrawn = true;
            }
            else
            {
                host.Error.WriteLine(text());
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>Clears the line, so that something else can be written in its place.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (_isDrawn)
            {
                host.Error.Write("\r\e[K");
                _isDrawn = false;
            }
        }
    }
}
