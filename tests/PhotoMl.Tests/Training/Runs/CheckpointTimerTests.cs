using PhotoMl.Training;

namespace PhotoMl.Tests.Training;

public sealed class CheckpointTimerTests
{
    [Fact]
    public void A_checkpoint_is_due_when_the_interval_has_passed_since_the_last_was_written()
    {
        var clock = new SetClock();
        var timer = new CheckpointTimer(TimeSpan.FromSeconds(5), clock);
        Assert.False(timer.IsDue);
        clock.Advance(4.999);
        Assert.False(timer.IsDue);
        clock.Advance(0.001);
        Assert.True(timer.IsDue);
        clock.Advance(60); // that long it took to write
        timer.Restart();
        Assert.False(timer.IsDue);
        clock.Advance(4.999);
        Assert.False(timer.IsDue);
        clock.Advance(0.001);
        Assert.True(timer.IsDue);
    }

    private sealed class SetClock : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _milliseconds;

        public void Advance(double seconds) => _milliseconds += (long)Math.Round(1000 * seconds);
    }
}
