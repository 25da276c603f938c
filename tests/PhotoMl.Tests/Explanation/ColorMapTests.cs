namespace PhotoMl.Tests.Explanation;

public sealed class ColorMapTests
{
    [Theory]
    [InlineData(255, 255, 255, 1.0)]
    [InlineData(0, 0, 0, 0.0)]
    [InlineData(255, 0, 0, 0.62796)]
    [InlineData(0, 255, 0, 0.86644)]
    [InlineData(0, 0, 255, 0.45201)]
    public void Lightness_is_that_of_the_published_colours(byte red, byte green, byte blue, double expected) => Assert.Equal(expected, OkLab.Lightness(red, green, blue), 4);

    [Fact]
    public void Hues_are_the_colours_they_are_called()
    {
        Assert.Equal(((byte)255, (byte)0, (byte)0), OkLab.ToSrgb(0.627955, 0.257683, 29.2339));
        var (red, green, blue) = OkLab.ToSrgb(0.6, 0, 123);
        Assert.Equal((red, red), (green, blue));
    }

    [Fact]
    public void Amounts_grow_lighter_by_even_steps()
    {
        var lightness = Enumerable.Range(0, 256).Select(i => Lightness(ColorMap.OfAmount(i / 255.0))).ToList();

        Assert.All(lightness.Zip(lightness.Skip(1)), pair => Assert.True(pair.Second > pair.First));
        Assert.All(lightness.Index(), entry => Assert.Equal(0.18 + (0.77 * entry.Index / 255), entry.Item, 0.006));
        Assert.Equal(ColorMap.OfAmount(1), ColorMap.OfAmount(7));
    }

    [Fact]
    public void For_and_against_grow_darker_by_the_same_even_steps_in_red_and_blue()
    {
        for (var i = 0; i <= 255; i++)
        {
            Assert.Equal(0.95 - (0.47 * i / 255), Lightness(ColorMap.OfSigned(i / 255.0)), 0.006);
            Assert.Equal(0.95 - (0.47 * i / 255), Lightness(ColorMap.OfSigned(-i / 255.0)), 0.006);
        }

        var (most, least) = (ColorMap.OfSigned(1), ColorMap.OfSigned(-1));
        Assert.True(most.Red > most.Blue + 100 && least.Blue > least.Red + 100);
    }

    private static double Lightness((byte Red, byte Green, byte Blue) colour) => OkLab.Lightness(colour.Red, colour.Green, colour.Blue);
}
