using PhotoMl.Cli.Output;
using PhotoMl.Training;

namespace PhotoMl.Cli.Tests;

public class GanProgressTextTests
{
    [Theory]
    [InlineData(1.386, 0.693, 0.5, 0.49)]
    [InlineData(-9.99, -9.99, 9.99, 9.99)]
    [InlineData(-12.34, 123.4, -0.5, 99.99)]
    public void A_line_fits_80_columns_even_where_scores_are_no_probabilities(double discriminator, double generator, double real, double fake)
    {
        var health = new GeneratorHealth(0.85, null, [], IsCollapsed: false, null);
        var epoch = new GanEpochReport(50, discriminator, generator, real, fake, health, 0.0002, 30, 1234);
        var progress = new GanProgress(50, 50, 123, 469, discriminator, generator, real, fake, 1234, TimeSpan.FromMinutes(83), 200, null, epoch);
        var text = new GanProgressText();
        Assert.InRange(text.Completed(progress)!.Length, 60, 80);
        Assert.InRange($"epoch 50/50  step 123/469  {text.Brief(progress)}  1:23:00 left".Length, 60, 80);
    }

    [Fact]
    public void Before_the_generators_first_step_its_loss_is_not_a_number_that_anybody_must_read()
    {
        var progress = new GanProgress(1, 2, 1, 9, 1.386, double.NaN, 0.5, 0.5, 100, TimeSpan.Zero, 0);
        Assert.Equal("D 1.39  G -  real 0.50  fake 0.50", new GanProgressText().Brief(progress));
    }
}
