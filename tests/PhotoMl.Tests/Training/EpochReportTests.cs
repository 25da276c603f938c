using System.Text.Json;

namespace PhotoMl.Tests.Training;

public sealed class EpochReportTests
{
    private static readonly EpochReport Report = TrainingRuns.Report(1, trainLoss: 0.5, seconds: 2);

    [Fact]
    public void The_best_epoch_is_the_one_of_the_better_figure_and_among_equals_of_the_smaller_loss()
    {
        var (balanced, accurate) = (Report with { ValidationBalancedAccuracy = 0.72 }, Report with { ValidationAccuracy = 0.77 });

        Assert.True(accurate.IsBetterThan(balanced, MonitoredMetric.Accuracy));
        Assert.False(balanced.IsBetterThan(accurate, MonitoredMetric.Accuracy));
        Assert.True(balanced.IsBetterThan(accurate, MonitoredMetric.BalancedAccuracy));
        Assert.False(accurate.IsBetterThan(balanced, MonitoredMetric.BalancedAccuracy));
        Assert.True((Report with { ValidationLoss = 0.59 }).IsBetterThan(Report, MonitoredMetric.BalancedAccuracy));
        Assert.False(Report.IsBetterThan(Report, MonitoredMetric.Accuracy));
    }

    [Fact]
    public void An_epoch_that_an_earlier_version_ran_is_read_and_its_column_is_empty()
    {
        const string Json = """
            {"epoch":1,"train_loss":0.5,"train_accuracy":0.5,"validation_loss":0.6,"validation_accuracy":0.75,"learning_rate":0.001,"seconds":2,"images_per_second":100}
            """;
        var read = JsonSerializer.Deserialize<EpochReport>(Json, PhotoMlJson.Line)!;

        Assert.Equal(Report with { ValidationBalancedAccuracy = null }, read);
        Assert.Equal("1,0.5,0.5,0.6,0.75,,0.001,2.000,100.0", MetricsFile.ToRow(read));
        Assert.Equal("1,0.5,0.5,0.6,0.75,0.7,0.001,2.000,100.0", MetricsFile.ToRow(Report));
    }
}
