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
        var expected = Values(OffCentreDigit);
        Assert.Equal(expected, Prepare(ImageFixture.Grey(28, 28, OffCentreDigit), Digits with { Fit = fit }));
        Assert.Equal(expected, Prepare(ImageFixture.Grey(28, 28, (x, y) => (byte)(255 - OffCentreDigit(x, y))), Digits with { Fit = fit }));
    }

    [Fact]
    public void A_light_figure_that_fills_most_of_the_border_is_not_taken_for_background()
    {
        // A pullover: neck and the gaps under its sleeves are all that is dark.
        static byte Pullover(int x, int y) => y < 3 || (y > 14 && x is 7 or 20) || (y < 12 && x is < 3 or > 24) ? (byte)0 : (byte)210;
        Assert.True(Enumerable.Range(0, 28).Count(y => Pullover(0, y) > 0) > 14);
        Assert.Equal(Values(Pullover), Prepare(ImageFixture.Grey(28, 28, Pullover), ImageFixture.Fashion));
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
        var dark = Prepare(Five(200, 260, 16, SKColors.Black, SKColors.White), Digits with { Fit = fit });
        var light = Prepare(Five(200, 260, 16, SKColors.White, SKColors.Black), Digits with { Fit = fit });
        Assert.InRange(light.Zip(dark, (a, b) => Math.Abs(a - b)).Max(), 0, 2);
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
        var (across, down) = (ink.Max(i => i % 28) - ink.Min(i => i % 28) + 1, ink.Max(i => i / 28) - ink.Min(i => i / 28) + 1);

        Assert.InRange(across, 1, 20);
        Assert.InRange(down, 1, 20);
        Assert.InRange(Math.Max(across, down), 19, 20);
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
        var differences =
            from dy in Enumerable.Range(-1, 3)
            from dx in Enumerable.Range(-1, 3)
            select Enumerable.Range(0, 784).Average(i => Math.Abs(expected[i] - At(actual, (i % 28) + dx, (i / 28) + dy)));
        Assert.InRange(differences.Min(), 0, 6);

        static byte At(byte[] frame, int x, int y) => (x, y) is (>= 0 and < 28, >= 0 and < 28) ? frame[(28 * y) + x] : (byte)0;
    }

    [Theory]
    [InlineData(3)]
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
    public void A_blank_page_gives_background_all_over()
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
            specked.Pixels.Slice(3 * ((y * 200) + x), 6).Clear();
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
    public void Padding_keeps_the_aspect_ratio_and_continues_the_background()
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

    [Fact]
    public void A_stretched_picture_fills_the_input_and_a_padded_one_lies_in_the_middle()
    {
        var picture = ImageFixture.Grey(200, 100, (x, _) => (byte)x);
        var exact = ImageFixture.Grey(28, 28, (x, _) => (byte)x);

        Assert.Equal(new PicturePlacement(0, 0, 28, 28), ImagePreprocessor.Prepare(picture, new ImagePreprocessing()).Placement);
        Assert.Equal(new PicturePlacement(0, 7, 28, 14), ImagePreprocessor.Prepare(picture, ImageFixture.Fashion).Placement);
        Assert.Equal(new PicturePlacement(0, 0, 28, 28), ImagePreprocessor.Prepare(exact, Digits).Placement);
        Assert.Equal(0, ImagePreprocessor.Prepare(ImageFixture.Grey(90, 90, (_, _) => 200), Digits).Placement.Width); // no figure
        Assert.Equal((14.0, 10.5), new PicturePlacement(0, 7, 28, 14).Find(0.5, 0.25));
    }

    [Theory]
    [InlineData(14, 300, 200)]
    [InlineData(3, 300, 200)] // thickened
    [InlineData(80, 2000, 900)] // reduced first
    public void The_box_of_a_figure_lies_where_its_ink_came_to_lie(int pen, int width, int height)
    {
        var (left, top, bottom) = (width * 2 / 3, height / 10, height * 6 / 10);
        var picture = ImageFixture.Grey(
            width, height, (x, y) => (byte)(x >= left && x < left + pen && y >= top && y < bottom ? 10 : 245));
        var prepared = ImagePreprocessor.Prepare(picture, Digits);
        var ink = Enumerable.Range(0, 784).Where(i => prepared.Bytes[i] > 127).ToArray();
        var (boxLeft, boxTop) = prepared.Placement.Find((double)left / width, (double)top / height);
        var (boxRight, boxBottom) = prepared.Placement.Find((double)(left + pen) / width, (double)bottom / height);

        Assert.Equal(ink[0] / 28, boxTop, 1.0);
        Assert.Equal((ink[^1] / 28) + 1, boxBottom, 1.0);
        Assert.Equal((ink.Min(i => i % 28) + ink.Max(i => i % 28) + 1) / 2.0, (boxLeft + boxRight) / 2, 0.6);
    }

    private static DecodedImage Five(int width, int height, int pen, SKColor ink, SKColor background)
    {
        var place = new SKRect(width * 0.3f, height * 0.25f, width * 0.6f, height * 0.7f);
        return ImageFixture.DrawFive(width, height, place, pen, ink, canvas => canvas.Clear(background));
    }

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

    private static byte OffCentreDigit(int x, int y) =>
        x is >= 3 and <= 5 && y is >= 2 and <= 14 ? (byte)(200 + y) : (byte)(x == 6 && y == 9 ? 77 : 0);

    private static byte[] Values(Func<int, int, byte> pixel) => [.. Enumerable.Range(0, 784).Select(i => pixel(i % 28, i / 28))];

    private static byte[] Prepare(
        DecodedImage image, ImagePreprocessing preprocessing, ForegroundChoice foreground = ForegroundChoice.Auto) =>
        ImagePreprocessor.Prepare(image, preprocessing, foreground).Bytes;
}
