namespace PhotoMl.Training;

/// <summary>Measures when the next checkpoint within an epoch is due.</summary>
internal sealed class CheckpointTimer(TimeSpan interval, TimeProvider clock)
{
    private long _last = clock.GetTimestamp();

    public bool IsDue => clock.GetElapsedTime(_last) >= interval;

    public void Restart() => _last = clock.GetTimestamp();
}
