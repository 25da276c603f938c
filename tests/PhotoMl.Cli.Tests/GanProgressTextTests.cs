namespace PhotoMl.Cli.Tests;

public class GanProgressTextTests
{
    [Theory]
    [InlineData(1.386, 0.693, 0.5, 0.49)]
    [InlineData(-9.99, -9.99, 9.99, 9.99)]
    [InlineData(-12.34, 123.4, -0.5, 99.99)]
    public void A_line_fits_80_columns_even_where_scores_are_no_probabilities(
        double discriminator, double generator, double real, double fake)
    {
        var epoch = new GanEpochReport
        {
            Epoch = 50,
            DiscriminatorLoss = discriminator,
            GeneratorLoss = generator,
            RealScore = real,
            GeneratedScore = fake,
            Diversity = 0.85,
            IsCollapsed = false,
            LearningRate = 0.0002,
            Seconds = 30,
            ImagesPerSecond = 1234,
        };
        var progress = At(50, discriminator, generator, real, fake) with { Completed = epoch };
        var text = new GanProgressText();
        Assert.InRange(text.Completed(progress)!.Length, 60, 80);
        Assert.InRange($"epoch 50/50  step 123/469  {text.Brief(progress)}  1:23:00 left".Length, 60, 80);
    }

    [Fact]
    public void Before_the_generators_first_step_its_loss_is_not_a_number_that_anybody_must_read()
    {
        var progress = At(1, 1.386, double.NaN, 0.5, 0.5);
        Assert.Equal("D 1.39  G -  real 0.50  fake 0.50", new GanProgressText().Brief(progress));
    }

    private static GanProgress At(int epoch, double discriminator, double generator, double real, double fake) => new()
    {
        Epoch = epoch,
        Epochs = 50,
        Step = 123,
        StepsPerEpoch = 469,
        DiscriminatorLoss = discriminator,
        GeneratorLoss = generator,
        RealScore = real,
        GeneratedScore = fake,
        ImagesPerSecond = 1234,
        Remaining = TimeSpan.FromMinutes(83),
        LiveTensors = 200,
    };
}
