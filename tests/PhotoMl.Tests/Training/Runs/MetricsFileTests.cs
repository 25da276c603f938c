namespace PhotoMl.Tests.Training;

public sealed class MetricsFileTests : FolderTests
{
    [Fact]
    public void What_a_run_wrote_is_read_back_to_the_last_digit()
    {
        var second = TrainingRuns.Report(2, 1e-17) with { ValidationBalancedAccuracy = null, ImagesPerSecond = 4500.5 };
        EpochReport[] history = [TrainingRuns.Report(1, 1.0 / 3, 12.345), second];
        using var run = RunFolder.Create(Folder.File("run"));
        MetricsFile.Write(run.MetricsPath, history);

        Assert.Equal(history, MetricsFile.Read(run.MetricsPath));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_figure_that_is_no_finite_number_is_an_empty_cell(double loss)
    {
        Assert.StartsWith("1,,0.5,", MetricsFile.ToRow(TrainingRuns.Report(1, loss)), StringComparison.Ordinal);
        Assert.Null(new ReportColumn("loss", "loss/train", loss).Value); // nor does TensorBoard get it
    }

    [Fact]
    public void A_file_from_before_balanced_accuracy_is_read()
    {
        const string Header = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,images_per_second";
        var path = Write($"{Header}\n1,2,0.5,0.6,0.75,0.001,9,100\n");

        Assert.Equal([TrainingRuns.Report(1, trainLoss: 2, seconds: 9) with { ValidationBalancedAccuracy = null }], MetricsFile.Read(path));
    }

    [Fact]
    public void Where_there_is_no_file_there_are_no_epochs() => Assert.Empty(MetricsFile.Read(Folder.File("metrics.csv")));

    [Theory]
    [InlineData("epoch,train_loss\n1,x\n", "expected a number for train_loss in line 2, but found 'x'")]
    [InlineData("epoch\n1\n", "expected all figures of an epoch in line 2, but found 1 of them")]
    [InlineData("epoch,train_loss\n1,NaN\n", "expected a number for train_loss in line 2, but found 'NaN'")]
    [InlineData("hello\nworld\n", "expected a number for hello in line 2, but found 'world'")]
    public void A_damaged_file_is_named_with_its_line(string content, string expected)
    {
        var path = Write(content);

        ExceptionAssert.Throws<InvalidModelException>($"{path}: {expected}", () => MetricsFile.Read(path));
    }

    private string Write(string content) => Folder.Write("metrics.csv", System.Text.Encoding.UTF8.GetBytes(content));
}
