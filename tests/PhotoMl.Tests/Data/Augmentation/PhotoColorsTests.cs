namespace PhotoMl.Tests.Data;

public sealed class PhotoColorsTests
{
    // Two pixels, (3, 1, 2): (100, 50, 200) and (20, 120, 60), whose lumas are 82.05 and 83.26.
    private static readonly float[] Two = [100, 20, 50, 120, 200, 60];
    private const float FirstLuma = (0.299f * 100) + (0.587f * 50) + (0.114f * 200);
    private const float SecondLuma = (0.299f * 20) + (0.587f * 120) + (0.114f * 60);

    [Fact]
    public void In_its_own_light_a_photo_is_only_scaled() =>
        Assert.Equal([.. Two.Select(value => value / 255)], Apply(PhotoColors.Plain));

    [Fact]
    public void Brightness_multiplies_and_what_is_too_bright_is_cut() =>
        AssertClose([150, 30, 75, 180, 255, 90], Apply(PhotoColors.Plain with { Brightness = 1.5f }));

    [Fact]
    public void Contrast_stretches_about_the_mean_luma()
    {
        const float Mean = (FirstLuma + SecondLuma) / 2;

        AssertClose([.. Two.Select(value => (0.5f * value) + (0.5f * Mean))], Apply(PhotoColors.Plain with { Contrast = 0.5f }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5f)]
    public void The_less_saturation_the_nearer_is_every_pixel_to_its_luma(float saturation) => AssertClose(
        [.. Two.Select((value, i) => (saturation * value) + ((1 - saturation) * (i % 2 == 0 ? FirstLuma : SecondLuma)))],
        Apply(PhotoColors.Plain with { Saturation = saturation }),
        0.05f);

    [Fact]
    public void A_turn_of_the_hue_keeps_the_luma_and_a_whole_turn_everything()
    {
        float[] muted = [120, 100, 110, 120, 130, 105]; // nothing is cut
        var turned = Apply(PhotoColors.Plain with { Hue = 0.2f }, muted);
        AssertClose(muted, Apply(PhotoColors.Plain with { Hue = 1 }, muted), 0.05f);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(Luma(muted[i], muted[2 + i], muted[4 + i]), 255 * Luma(turned[i], turned[2 + i], turned[4 + i]), 0.05f);
        }

        Assert.True(Math.Abs((255 * turned[0]) - muted[0]) > 3);
        static float Luma(float red, float green, float blue) => (0.299f * red) + (0.587f * green) + (0.114f * blue);
    }

    [Fact]
    public void Gray_photos_stay_gray_in_any_light()
    {
        float[] image = [100, 200];
        new PhotoColors(1.2f, 0.5f, 0.3f, 0.4f).Apply(image, channels: 1);

        AssertClose([1.2f * ((0.5f * 100) + (0.5f * 150)), 1.2f * ((0.5f * 200) + (0.5f * 150))], image);
        AssertClose([100, 100, 100], Apply(new(1, 1, 1.5f, 0.3f), [100, 100, 100]), 0.05f);
    }

    [Fact]
    public void Many_pixels_at_a_time_are_treated_as_single_ones_are()
    {
        var light = new PhotoColors(1.1f, 1, 0.8f, 0.1f); // without contrast, which depends on all pixels
        var values = Enumerable.Range(0, 3 * 37).Select(i => (float)(i * 7919 % 256)).ToArray();
        var whole = Apply(light, values);
        for (var i = 0; i < 37; i++)
        {
            var single = Apply(light, [values[i], values[37 + i], values[74 + i]]);
            AssertClose([255 * whole[i], 255 * whole[37 + i], 255 * whole[74 + i]], single);
        }
    }

    private static float[] Apply(PhotoColors light, float[]? image = null)
    {
        float[] copy = [.. image ?? Two];
        light.Apply(copy, channels: 3);
        return copy;
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance = 1e-2f)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, 255 * pair.Second, tolerance));
    }
}
