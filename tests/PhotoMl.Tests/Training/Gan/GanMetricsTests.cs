using System.Globalization;

namespace PhotoMl.Tests.Training;

public sealed class GanMetricsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_epoch_is_a_row_of_numbers_with_all_their_digits(bool withClassifier)
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Create(folder.File("run"));
        using var data = GanRuns.Images();
        var (generator, discriminator) = GanTrainer.CreateNetworks(GanRuns.Network, 1);
        using var _ = generator;
        using var __ = discriminator;
        using var classifier = new ConvClassifier(new ClassifierOptions { Classes = 4 });
        using var trainer = new GanTrainer(generator, discriminator, GanRuns.Options with { Epochs = 3, BatchSize = 10, LearningRate = 0.00025 }, withClassifier ? classifier : null);
        var history = trainer.Fit(data, run).History;

        var lines = File.ReadAllLines(run.MetricsPath);
        Assert.Equal(
            "epoch,discriminator_loss,generator_loss,real_score,generated_score,diversity,class_entropy,healthy,learning_rate,seconds,images_per_second", lines[0]);
        Assert.Equal(3, lines.Length - 1);
        Assert.All(history.Zip(lines.Skip(1)), pair =>
        {
            var (epoch, line) = pair;
            var row = line.Split(',').Select(text => text.Length == 0 ? null : (double?)double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(
                [
                    epoch.Epoch, epoch.DiscriminatorLoss, epoch.GeneratorLoss, epoch.RealScore, epoch.GeneratedScore, epoch.Diversity,
                    epoch.ClassEntropy, epoch.IsCollapsed ? 0 : 1, epoch.LearningRate,
                ],
                row[..9]);
            Assert.Equal(withClassifier, row[6] is not null);
            Assert.Equal(epoch.Seconds, row[9]!.Value, 0.0006);
            Assert.Equal(11, row.Length);
        });
        Assert.Equal(3, history.Select(epoch => epoch.RealScore).Distinct().Count()); // so that no row can stand for another
    }
}
