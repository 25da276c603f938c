using System.Diagnostics;

namespace PhotoMl.Cli.Output;

/// <summary>Progress in a line or two: drawn over in place on a terminal, now and then as lines of its own elsewhere.</summary>
internal sealed class StatusLine(CliHost host, bool quiet) : IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private int _drawn; // lines

    /// <summary>Shows a text if the last one has been there long enough. Safe from any thread.</summary>
    public void Show(Func<string> text)
    {
        lock (_gate)
        {
            if (quiet || _sinceShown.Elapsed < (host.ErrorIsTerminal ? TerminalInterval : host.PlainInterval))
            {
                return;
            }

            _sinceShown.Restart();
            if (host.ErrorIsTerminal)
            {
                // In the last column a terminal would wrap.
                var lines = Array.ConvertAll(text().Split('\n'), line => Text.Shorten(line, host.Width - 1));
                host.Error.Write($"{ToStart()}{string.Join('\n', lines)}");
                _drawn = lines.Length;
            }
            else
            {
                host.Error.WriteLine(text());
            }
        }
    }

    /// <summary>Writes a line that stays.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            Clear();
            _sinceShown.Restart();
            Text.WriteWrapped(host.Error, line, host.ErrorIsTerminal ? host.Width : int.MaxValue);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>Clears what is drawn, so that something else can be written in its place.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (_drawn > 0)
            {
                host.Error.Write(ToStart());
                _drawn = 0;
            }
        }
    }

    // Erases what is drawn.
    private string ToStart() => $"\r{(_drawn > 1 ? $"\e[{_drawn - 1}A" : "")}\e[J";
}
