using System.Diagnostics;

namespace PhotoMl.Training;

/// <summary>Tells when the next checkpoint within an epoch is due.</summary>
/// <param name="interval">The time between two.</param>
internal sealed class CheckpointTimer(TimeSpan interval)
{
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    /// <summary>Whether the last checkpoint is old enough.</summary>
    public bool IsDue => _sinceLast.Elapsed >= interval;

    /// <summary>Begins to count anew.</summary>
    public void Restart() => _sinceLast.Restart();
}
