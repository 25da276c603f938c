namespace PhotoMl.Tests.Reporting;

public sealed class ChartAxisTests
{
    // Large numbers are named without a point, small ones with the digits that differ.
    [Theory]
    [InlineData(0.13, 2.2, "0.0", "0.5", "1.0", "1.5", "2.0", "2.5")]
    [InlineData(0, 10_000, "0", "2,000", "4,000", "6,000", "8,000", "10,000")]
    [InlineData(0.001, 0.002, "0.0010", "0.0012", "0.0014", "0.0016", "0.0018", "0.0020")]
    public void An_axis_ends_at_round_numbers_and_names_them(double low, double high, params string[] names)
    {
        var axis = ChartAxis.Around([low, (low + high) / 2, high], 0, 100);

        Assert.Equal(names, axis.Ticks.Select(axis.Label));
        Assert.Equal((axis.Ticks[0], axis.Ticks[^1]), (axis.Low, axis.High));
        Assert.Equal(100 * (low - axis.Low) / (axis.High - axis.Low), axis.At(low), 1e-9);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(-1e-9)]
    public void One_value_alone_is_in_the_middle_of_an_axis(double value)
    {
        var axis = ChartAxis.Around([value, double.NaN], 0, 1);

        Assert.True(axis.Low < value && value < axis.High);
        Assert.InRange(axis.Ticks.Count, 1, 7);
    }

    [Property(MaxTest = 300)]
    public void Every_value_lies_on_the_axis_and_few_are_named(NormalFloat first, NormalFloat second)
    {
        double[] values = [Math.Clamp(first.Get, -1e9, 1e9), Math.Clamp(second.Get, -1e9, 1e9)];
        var axis = ChartAxis.Around(values, 300, 20);

        Assert.All(values, value => Assert.InRange(axis.At(value), 20 - 1e-6, 300 + 1e-6));
        Assert.InRange(axis.Ticks.Count, 1, 9);
    }
}
