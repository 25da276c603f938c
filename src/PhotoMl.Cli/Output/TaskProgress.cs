using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>Shows what a task reports, and its progress.</summary>
internal sealed class TaskProgress(CliHost host, bool quiet) : IProgress<StatusMessage>, IProgress<WorkProgress>, IDisposable
{
    private readonly StatusLine _line = new(host, quiet);
    private bool _hasWaited;

    /// <summary>Shows a training run here.</summary>
    public IProgress<T>? Of<T>(IProgressText<T> text)
        where T : TrainingProgress => quiet ? null : new EpochProgress<T>(text, _line, host.ErrorIsTerminal);

    /// <summary>Shows a tuning here.</summary>
    public IProgress<TuningProgress>? OfTuning() => quiet ? null : new TuningText(_line, host);

    /// <inheritdoc/>
    public void Report(StatusMessage value)
    {
        if (value.IsWarning || !quiet)
        {
            _line.Write(Text.Printable(UsageError.NameOptions(value.Text)));
        }
    }

    /// <inheritdoc/>
    public void Report(WorkProgress value)
    {
        if (value is { Done: 0, Total: null, IsBytes: false })
        {
            if (!_hasWaited)
            {
                _hasWaited = true;
                Report(new StatusMessage($"{value.Activity}...", IsWarning: true));
            }

            return;
        }

        _line.Show(() =>
        {
            var (done, total) = value.IsBytes
                ? (Text.Bytes(value.Done), Text.Bytes(value.Total ?? 0))
                : ($"{value.Done:N0}", $"{value.Total:N0}");
            return $"{value.Activity}: {done}{(value.Total is null ? "" : $" of {total}")}"
                + $"{(value.Unreadable > 0 ? $", {value.Unreadable:N0} unreadable" : "")}";
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
