namespace PhotoMl.Training;

/// <summary>Measures when the next checkpoint within an epoch is due.</summary>
internal sealed class CheckpointTimer(TimeSpan interval, TimeProvider clock)
{
    private long _last = clock.GetTimestamp();

    /// <summary>Whether the last checkpoint is old enough.</summary>
    public bool IsDue => clock.GetElapsedTime(_last) >= interval;

    /// <summary>Restarts the interval.</summary>
    public void Restart() => _last = clock.GetTimestamp();
}
