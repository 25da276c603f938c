namespace PhotoMl.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void A_constant_rate_stays()
    {
        var schedule = new LearningRateSchedule(ScheduleKind.Constant, 0.3, 100);

        Assert.Equal([0.3, 0.3, 0.3], new[] { 0L, 50L, 99L }.Select(schedule.At));
    }

    [Fact]
    public void A_cosine_falls_from_its_peak_to_zero()
    {
        var schedule = new LearningRateSchedule(ScheduleKind.Cosine, 2, 5);

        AssertRates([2, 1 + Math.Sqrt(0.5), 1, 1 - Math.Sqrt(0.5), 0], schedule);
    }

    [Fact]
    public void One_cycle_rises_from_a_25th_over_three_tenths_and_falls_to_a_250000th()
    {
        var schedule = new LearningRateSchedule(ScheduleKind.OneCycle, 1, 21);

        Assert.Equal(0.04, schedule.At(0), 12);
        Assert.Equal(1 - (0.96 * 0.75), schedule.At(2), 12); // a third of the way up: (1 + cos 60°) / 2 = 3/4
        Assert.Equal(1 - (0.96 * 0.5), schedule.At(3), 12);
        Assert.Equal(1 - (0.96 * 0.25), schedule.At(4), 12);
        Assert.Equal(1, schedule.At(6), 12);
        Assert.Equal((1 + 4e-6) / 2, schedule.At(13), 12); // half of the way down
        Assert.Equal(4e-6, schedule.At(20), 12);
    }

    [Fact]
    public void A_warm_up_rises_in_a_line_and_the_schedule_begins_after_it()
    {
        AssertRates([0.5, 1, 1.5, 2, 2, 2], new LearningRateSchedule(ScheduleKind.Constant, 2, 6, WarmupSteps: 4));
        AssertRates([1, 2, 2, 1, 0], new LearningRateSchedule(ScheduleKind.Cosine, 2, 5, WarmupSteps: 2));
    }

    [Theory]
    [EnumData<ScheduleKind>]
    public void Every_rate_of_a_run_of_any_length_lies_between_zero_and_the_peak(ScheduleKind kind)
    {
        foreach (var (steps, warmup) in new[] { (1L, 0L), (1L, 1L), (2L, 0L), (2L, 1L), (3L, 3L), (10L, 9L), (977L, 100L) })
        {
            var schedule = new LearningRateSchedule(kind, 0.5, steps, warmup);
            var rates = Enumerable.Range(0, (int)steps).Select(step => schedule.At(step)).ToList();

            Assert.All(rates, rate => Assert.InRange(rate, 0, 0.5));
            Assert.True(rates.Max() > 0);
        }
    }

    [Theory]
    [InlineData(1, 0.01)]
    [InlineData(3, 0.005630)]
    [InlineData(10, 0.003)]
    [InlineData(45, 0.003)]
    public void A_rate_that_is_not_given_fits_the_length_of_the_run(int epochs, double rate)
    {
        Assert.Equal(rate, new ClassifierTrainingOptions { Epochs = epochs }.ForEpochs().LearningRate!.Value, 6);
        Assert.Equal(0.02, new ClassifierTrainingOptions { Epochs = epochs, LearningRate = 0.02 }.ForEpochs().LearningRate);
    }

    private static void AssertRates(double[] expected, LearningRateSchedule schedule)
    {
        Assert.Equal(expected.Length, schedule.TotalSteps);
        for (var step = 0; step < expected.Length; step++)
        {
            Assert.Equal(expected[step], schedule.At(step), 12);
        }
    }
}
