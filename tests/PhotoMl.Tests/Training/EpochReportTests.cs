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
    public void An_epoch_is_a_row_of_numbers_with_all_their_digits_and_what_it_lacks_is_empty()
    {
        const string Json = """
            {"epoch":1,"train_loss":0.5,"train_accuracy":0.5,"validation_loss":0.6,"validation_accuracy":0.75,"learning_rate":0.001,
            "seconds":2,"images_per_second":100}
            """;
        var older = JsonSerializer.Deserialize<EpochReport>(Json, PhotoMlJson.Line)!;
        var generators = GanRuns.Report(1) with { GeneratorLoss = 1.0 / 3 };

        Assert.Equal(Report with { ValidationBalancedAccuracy = null }, older);
        Assert.Equal("1,0.5,0.5,0.6,0.75,,0.001,2.000,100.0", MetricsFile.ToRow(older));
        Assert.Equal("1,0.5,0.5,0.6,0.75,0.7,0.001,2.000,100.0", MetricsFile.ToRow(Report));
        Assert.Equal("1,-1.5,0.3333333333333333,0.5,0.25,0.75,1.5,1,0.001,1.000,4321.5", MetricsFile.ToRow(generators));
        Assert.Equal(
            "1,-1.5,0.3333333333333333,0.5,0.25,0.75,,0,0.001,1.000,4321.5",
            MetricsFile.ToRow(generators with { ClassEntropy = null, IsCollapsed = true }));
        Assert.Equal(
            "epoch,discriminator_loss,generator_loss,real_score,generated_score,diversity,class_entropy,healthy,"
            + "learning_rate,seconds,images_per_second",
            string.Join(',', ((IEpochReport)generators).Columns.Select(column => column.Name)));
    }
}
