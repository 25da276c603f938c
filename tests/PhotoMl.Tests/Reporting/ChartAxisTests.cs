using FsCheck;
using FsCheck.Xunit;

namespace PhotoMl.Tests.Reporting;

public sealed class ChartAxisTests
{
    [Fact]
    public void An_axis_ends_at_round_numbers_and_names_them()
    {
        var axis = ChartAxis.Around([0.13, 2.2, 1.7], 0, 100);

        Assert.Equal((0, 2.5), (axis.Low, axis.High));
        Assert.Equal(["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"], axis.Ticks.Select(axis.Label));
        Assert.Equal(40, axis.At(1), 1e-9);
    }

    [Fact]
    public void Large_numbers_are_named_without_a_point_and_small_ones_with_the_digits_that_differ()
    {
        Assert.Equal(["0", "2,000", "4,000", "6,000", "8,000", "10,000"], Labels(0, 10_000));
        Assert.Equal(["0.0010", "0.0012", "0.0014", "0.0016", "0.0018", "0.0020"], Labels(0.001, 0.002));

        static string[] Labels(double low, double high)
        {
            var axis = ChartAxis.Around([low, high], 0, 1);
            return [.. axis.Ticks.Select(axis.Label)];
        }
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
        var (one, other) = (Math.Clamp(first.Get, -1e9, 1e9), Math.Clamp(second.Get, -1e9, 1e9));
        var axis = ChartAxis.Around([one, other], 300, 20);

        Assert.InRange(axis.At(one), 20 - 1e-6, 300 + 1e-6);
        Assert.InRange(axis.At(other), 20 - 1e-6, 300 + 1e-6);
        Assert.InRange(axis.Ticks.Count, 1, 9);
    }
}
