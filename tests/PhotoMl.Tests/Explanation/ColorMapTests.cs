namespace PhotoMl.Tests.Explanation;

public sealed class ColorMapTests
{
    [Fact]
    public void Hues_are_the_colors_they_are_called()
    {
        Assert.Equal(((byte)255, (byte)0, (byte)0), ColorMap.ToSrgb(0.627955, 0.257683, 29.2339));
        var (red, green, blue) = ColorMap.ToSrgb(0.6, 0, 123);
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
        Assert.All(Enumerable.Range(-255, 511), i =>
            Assert.Equal(0.95 - (0.47 * Math.Abs(i) / 255), Lightness(ColorMap.OfSigned(i / 255.0)), 0.006));
        var (most, least) = (ColorMap.OfSigned(1), ColorMap.OfSigned(-1));
        Assert.True(most.Red > most.Blue + 100 && least.Blue > least.Red + 100);
    }

    // The L of OKLab: B. Ottosson, "A perceptual color space for image processing", 2020.
    private static double Lightness((byte Red, byte Green, byte Blue) color)
    {
        var (r, g, b) = (ToLinear(color.Red), ToLinear(color.Green), ToLinear(color.Blue));
        var l = Math.Cbrt((0.4122214708 * r) + (0.5363325363 * g) + (0.0514459929 * b));
        var m = Math.Cbrt((0.2119034982 * r) + (0.6806995451 * g) + (0.1073969566 * b));
        var s = Math.Cbrt((0.0883024619 * r) + (0.2817188376 * g) + (0.6299787005 * b));
        return (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s);

        static double ToLinear(byte value) => value <= 10 ? value / 255.0 / 12.92 : Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
    }
}
