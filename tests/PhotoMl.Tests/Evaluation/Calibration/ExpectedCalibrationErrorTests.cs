namespace PhotoMl.Tests.Evaluation;

public class ExpectedCalibrationErrorTests
{
    [Fact]
    public void The_error_is_the_distance_of_accuracy_and_confidence_weighted_by_images()
    {
        var bins = new ExpectedCalibrationError();
        bins.Add(0.90, true);
        bins.Add(0.92, true);
        bins.Add(0.88, false); // these three in (13/15, 14/15], mean 0.9, two of three right
        bins.Add(0.50, true); // alone in (7/15, 8/15]

        var report = bins.ToReport();

        Assert.Equal(15, report.Bins.Count);
        var high = report.Bins[13];
        Assert.Equal((3, 0.9, 2.0 / 3), (high.Images, Math.Round(high.Confidence, 12), high.Accuracy));
        Assert.Equal((1, 0.5, 1), (report.Bins[7].Images, report.Bins[7].Confidence, report.Bins[7].Accuracy));
        Assert.Equal(((3 * (0.9 - (2.0 / 3))) + (1 * 0.5)) / 4, report.Error, 12);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.01, 0)]
    [InlineData(0.0667, 1)]
    [InlineData(0.2, 2)] // the upper end of (2/15, 3/15] is within
    [InlineData(0.6, 8)]
    [InlineData(1, 14)]
    public void A_bin_holds_its_upper_end_and_not_its_lower(double confidence, int bin)
    {
        var bins = new ExpectedCalibrationError();
        bins.Add(confidence, true);
        Assert.Equal(1, bins.ToReport().Bins[bin].Images);
    }

    [Fact]
    public void Where_nothing_was_counted_the_error_is_0() => Assert.Equal(0, new ExpectedCalibrationError().ToReport().Error);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void What_is_no_probability_is_refused(double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExpectedCalibrationError().Add(confidence, true));

    [Fact]
    public void Of_a_batch_the_likeliest_class_counts()
    {
        var bins = new ExpectedCalibrationError();
        bins.Add([0.2, 0.7, 0.1, 0.5, 0.3, 0.2], [1, 2]);
        Assert.Equal((1, 1), (bins.ToReport().Bins[10].Images, bins.ToReport().Bins[10].Accuracy));
        Assert.Equal((1, 0), (bins.ToReport().Bins[7].Images, bins.ToReport().Bins[7].Accuracy));
    }
}
