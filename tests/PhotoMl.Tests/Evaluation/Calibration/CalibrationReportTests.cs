namespace PhotoMl.Tests.Evaluation;

public class CalibrationReportTests
{
    [Fact]
    public void The_error_is_the_distance_of_accuracy_and_confidence_weighted_by_images()
    {
        // Three in (13/15, 14/15], mean 0.9, two of three right, and one in (7/15, 8/15].
        var report = CalibrationReport.Of([0.90, 0.92, 0.88, 0.50], [true, true, false, true]);

        Assert.Equal(15, report.Bins.Count);
        var high = report.Bins[13];
        Assert.Equal((3, 0.9, 2.0 / 3), (high.Images, Math.Round(high.Confidence, 12), high.Accuracy));
        Assert.Equal((1, 0.5, 1), (report.Bins[7].Images, report.Bins[7].Confidence, report.Bins[7].Accuracy));
        Assert.Equal(((3 * (0.9 - (2.0 / 3))) + (1 * 0.5)) / 4, report.Error, 12);
        Assert.Equal(0, CalibrationReport.Of([], []).Error);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.01, 0)]
    [InlineData(0.0667, 1)]
    [InlineData(0.2, 2)] // the upper end of (2/15, 3/15] is within
    [InlineData(0.6, 8)]
    [InlineData(1, 14)]
    [InlineData(1 + 1e-15, 14)] // rounded
    public void A_bin_holds_its_upper_end_and_not_its_lower(double confidence, int bin) =>
        Assert.Equal(1, CalibrationReport.Of([confidence], [true]).Bins[bin].Images);
}
