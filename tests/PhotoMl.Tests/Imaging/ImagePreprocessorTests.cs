using SkiaSharp;

namespace PhotoMl.Tests.Imaging;

public sealed class ImagePreprocessorTests
{
    private static readonly ImagePreprocessing Digits = ImageFixture.Digits;

    [Fact]
    public void Grey_is_the_luma_of_BT_601()
    {
        // 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2, and pure red, green and blue are 76, 150 and 29.
        var image = new DecodedImage(4, 1, [200, 100, 50, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
        Assert.Equal([124, 76, 150, 29], Prepare(image, new ImagePreprocessing { Width = 4, Height = 1 }));
    }

    [Fact]
    public void Colour_comes_out_channel_by_channel()
    {
        var image = new DecodedImage(2, 1, [1, 2, 3, 4, 5, 6]);
        Assert.Equal([1, 4, 2, 5, 3, 6], Prepare(image, new ImagePreprocessing { Channels = 3, Width = 2, Height = 1 }));
    }

    [Theory]
    [InlineData(ImageFit.Stretch)]
    [InlineData(ImageFit.Pad)]
    [InlineData(ImageFit.CenterOfMass)]
    public void A_picture_of_the_right_size_passes_byte_by_byte(ImageFit fit)
    {
        var image = ImageFixture.Grey(28, 28, OffCentreDigit);
        var expected = Enumerable.Range(0, 784).Select(i => OffCentreDigit(i % 28, i / 28)).ToArray();
        Assert.Equal(expected, Prepare(image, Digits with { Fit = fit }));

        var inverted = ImageFixture.Grey(28, 28, (x, y) => (byte)(255 - OffCentreDigit(x, y)));
        Assert.Equal(expected, Prepare(inverted, Digits with { Fit = fit }));
    }

    [Fact]
    public void A_light_figure_that_fills_most_of_the_border_is_not_taken_for_ground()
    {
        // A pullover: neck and the gaps under its sleeves are all that is dark.
        static byte Pullover(int x, int y) => y < 3 || (y > 14 && x is 7 or 20) || (y < 12 && x is < 3 or > 24) ? (byte)0 : (byte)210;
        var expected = Enumerable.Range(0, 784).Select(i => Pullover(i % 28, i / 28)).ToArray();
        Assert.True(Enumerable.Range(0, 28).Count(y => Pullover(0, y) > 0) > 14);
        Assert.Equal(expected, Prepare(ImageFixture.Grey(28, 28, Pullover), ImageFixture.Fashion));
    }

    [Fact]
    public void The_user_decides_about_light_and_dark_where_told_to()
    {
        var image = ImageFixture.Grey(28, 28, OffCentreDigit);
        var asItIs = Prepare(image, Digits, ForegroundChoice.Light);
        var inverted = Prepare(image, Digits, ForegroundChoice.Dark);

        Assert.Equal(Prepare(image, Digits), asItIs);
        Assert.Equal(asItIs.Select(value => (byte)(255 - value)), inverted);
        Assert.Equal(asItIs, Prepare(image, Digits with { Foreground = ImageForeground.Any }, ForegroundChoice.Dark));
    }

    [Theory]
    [InlineData(ImageFit.Stretch)]
    [InlineData(ImageFit.Pad)]
    [InlineData(ImageFit.CenterOfMass)]
    public void Dark_on_light_and_light_on_dark_prepare_alike(ImageFit fit)
    {
        var dark = Five(200, 260, 16, SKColors.Black, SKColors.White);
        var light = Five(200, 260, 16, SKColors.White, SKColors.Black);
        var preprocessing = Digits with { Fit = fit };
        AssertAlike(Prepare(light, preprocessing), Prepare(dark, preprocessing), largest: 2);
    }

    [Theory]
    [InlineData(100, 100, 8)]
    [InlineData(300, 200, 12)]
    [InlineData(64, 400, 5)]
    [InlineData(2000, 1500, 9)]
    public void A_digit_fills_the_box_and_its_mass_is_centred(int width, int height, int pen)
    {
        var pixels = Prepare(Five(width, height, pen, SKColors.Black, SKColors.White), Digits);
        var ink = Enumerable.Range(0, 784).Where(i => pixels[i] > 0).ToArray();

        Assert.InRange(ink.Max(i => i % 28) - ink.Min(i => i % 28) + 1, 1, 20);
        Assert.InRange(ink.Max(i => i / 28) - ink.Min(i => i / 28) + 1, 1, 20);
        Assert.True(Math.Max(ink.Max(i => i % 28) - ink.Min(i => i % 28), ink.Max(i => i / 28) - ink.Min(i => i / 28)) >= 18);
        var mass = pixels.Sum(value => (double)value);
        Assert.InRange(pixels.Select((value, i) => value * ((i % 28) + 0.5)).Sum() / mass, 13.9, 15.1);
        Assert.InRange(pixels.Select((value, i) => value * ((i / 28) + 0.5)).Sum() / mass, 13.9, 15.1);
        Assert.Equal(255, pixels.Max());
    }

    [Fact]
    public void A_photographed_digit_prepares_like_a_clean_one()
    {
        var clean = Five(60, 80, 3, SKColors.Black, SKColors.White);
        var photo = ImageFixture.DrawFive(1200, 1600, new SKRect(360, 400, 720, 1120), 60, new SKColor(45, 50, 95), PaintPaper);

        // The centre of mass is rounded to whole pixels, so the two may stand one pixel apart.
        var (expected, actual) = (Prepare(clean, Digits), Prepare(photo, Digits));
        var differences = from dy in Enumerable.Range(-1, 3) from dx in Enumerable.Range(-1, 3) select MeanDifference(expected, Shift(actual, dx, dy));
        Assert.InRange(differences.Min(), 0, 6);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(30)]
    public void A_fine_pen_gives_strokes_as_wide_as_those_of_MNIST(int pen)
    {
        var fine = ImageFixture.DrawFive(1200, 1600, new SKRect(300, 400, 800, 1200), pen, new SKColor(45, 50, 95), PaintPaper);
        var bold = ImageFixture.DrawFive(1200, 1600, new SKRect(300, 400, 800, 1200), 90, new SKColor(45, 50, 95), PaintPaper);

        var (fineInk, boldInk) = (Prepare(fine, Digits), Prepare(bold, Digits));
        Assert.InRange(fineInk.Sum(value => value) / (double)boldInk.Sum(value => value), 0.7, 1.3);
        Assert.True(fineInk.Count(value => value > 200) > 30);
    }

    [Fact]
    public void A_blank_page_gives_ground_all_over()
    {
        Assert.All(Prepare(ImageFixture.Grey(100, 80, (_, _) => 230), Digits), value => Assert.Equal(0, value));
        Assert.All(Prepare(ImageFixture.Grey(100, 80, (_, _) => 12), Digits), value => Assert.Equal(0, value));

        var paper = ImageFixture.DrawFive(1200, 1600, default, 0, SKColors.Transparent, PaintPaper);
        Assert.All(Prepare(paper, Digits), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Specks_do_not_count_as_ink()
    {
        var clean = Five(200, 260, 16, SKColors.Black, SKColors.White);
        var specked = new DecodedImage(200, 260, [.. clean.Rgb]);
        foreach (var (x, y) in new[] { (3, 3), (190, 20), (10, 250) })
        {
            specked.Rgb.AsSpan(3 * ((y * 200) + x), 6).Clear();
        }

        Assert.Equal(Prepare(clean, Digits), Prepare(specked, Digits));
    }

    [Fact]
    public void Reducing_a_fine_pattern_does_not_alias()
    {
        var stripes = ImageFixture.Grey(2800, 2800, (x, _) => (byte)(x % 2 * 255));
        Assert.All(Prepare(stripes, new ImagePreprocessing()), value => Assert.InRange(value, 126, 129));
    }

    [Fact]
    public void Padding_keeps_the_aspect_ratio_and_continues_the_ground()
    {
        var image = ImageFixture.Grey(40, 20, (x, y) => x is > 10 and < 30 && y is > 5 and < 15 ? (byte)200 : (byte)60);
        var pixels = Prepare(image, new ImagePreprocessing { Fit = ImageFit.Pad });

        Assert.All(pixels[..(7 * 28)], value => Assert.Equal(60, value));
        Assert.All(pixels[(21 * 28)..], value => Assert.Equal(60, value));
        Assert.Equal(200, pixels[(14 * 28) + 14]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5000, 2)]
    [InlineData(2, 5000)]
    [InlineData(3, 3)]
    public void A_picture_of_any_shape_is_prepared(int width, int height)
    {
        foreach (var fit in Enum.GetValues<ImageFit>())
        {
            var image = ImageFixture.Grey(width, height, (x, y) => (byte)((x + y) % 7 == 0 ? 255 : 0));
            Assert.Equal(3 * 28 * 30, Prepare(image, Digits with { Fit = fit, Channels = 3, Width = 30 }).Length);
        }
    }

    private static DecodedImage Five(int width, int height, int pen, SKColor ink, SKColor ground) =>
        ImageFixture.DrawFive(width, height, new SKRect(width * 0.3f, height * 0.25f, width * 0.6f, height * 0.7f), pen, ink, canvas => canvas.Clear(ground));

    /// <summary>Paper in uneven light, with grain and a soft shadow.</summary>
    private static void PaintPaper(SKCanvas canvas)
    {
        using var light = SKShader.CreateLinearGradient(
            new SKPoint(0, 0), new SKPoint(1200, 1600), [new SKColor(235, 230, 215), new SKColor(140, 136, 128)], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = light };
        canvas.DrawPaint(paint);

        using var soft = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 60);
        using var shadow = new SKPaint { Color = new SKColor(0, 0, 0, 70), MaskFilter = soft };
        canvas.DrawRect(new SKRect(900, -200, 1500, 2000), shadow);

        var random = new Random(1);
        using var grain = new SKPaint();
        for (var i = 0; i < 40_000; i++)
        {
            grain.Color = new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), 24);
            canvas.DrawRect(random.Next(1200), random.Next(1600), 2, 2, grain);
        }
    }

    private static byte OffCentreDigit(int x, int y) => x is >= 3 and <= 5 && y is >= 2 and <= 14 ? (byte)(200 + y) : (byte)(x == 6 && y == 9 ? 77 : 0);

    private static byte[] Shift(byte[] frame, int dx, int dy) =>
        [.. frame.Select((_, i) => ((i % 28) + dx, (i / 28) + dy) is ( >= 0 and < 28, >= 0 and < 28) and var (x, y) ? frame[(28 * y) + x] : (byte)0)];

    private static double MeanDifference(byte[] expected, byte[] actual) => expected.Zip(actual, (a, b) => Math.Abs(a - b)).Average();

    private static void AssertAlike(byte[] expected, byte[] actual, int largest) =>
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, largest);

    private static byte[] Prepare(DecodedImage image, ImagePreprocessing preprocessing, ForegroundChoice foreground = ForegroundChoice.Auto) =>
        ImagePreprocessor.Prepare(image, preprocessing, foreground).Bytes;
}
