namespace PhotoMl.Tests.Explanation;

/// <summary>Heat lies on the pixels of the photo that caused it, however the photo was prepared.</summary>
public sealed class HeatPainterTests(ImageFixture fixture) : IClassFixture<ImageFixture>
{
    // Where the corner that is stored first comes to lie in the upright photo: EXIF 2.3, tag 0x0112.
    [Theory]
    [InlineData(ImageFit.Stretch, 1, 240, 120, 0, 0)]
    [InlineData(ImageFit.Stretch, 3, 240, 120, 1, 1)]
    [InlineData(ImageFit.Stretch, 6, 240, 120, 1, 0)]
    [InlineData(ImageFit.Stretch, 8, 120, 240, 0, 1)]
    [InlineData(ImageFit.Pad, 1, 240, 120, 0, 0)]
    [InlineData(ImageFit.Pad, 1, 120, 240, 0, 0)]
    [InlineData(ImageFit.Pad, 6, 240, 120, 1, 0)]
    [InlineData(ImageFit.Pad, 5, 240, 120, 0, 0)]
    public void A_bright_corner_is_hot_whatever_the_shape_and_turn_of_the_photo(
        ImageFit fit, int orientation, int width, int height, int right, int down)
    {
        var path = Draw(width, height, (x, y) => x < width / 4 && y < height / 4 ? 230 : 20, orientation);
        var (x, y) = HeatCentre(path, new ImagePreprocessing { Fit = fit }, out var upright);

        Assert.Equal(orientation >= 5 ? (height, width) : (width, height), (upright.Width, upright.Height));
        Assert.Equal(right == 0 ? 0.125 : 0.875, x / upright.Width, 0.05);
        Assert.Equal(down == 0 ? 0.125 : 0.875, y / upright.Height, 0.05);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(2)]
    public void A_figure_that_was_cut_out_and_centred_is_hot_where_it_was_drawn(int pen)
    {
        var path = Draw(300, 200, (x, y) => x >= 220 && x < 220 + pen && y is >= 20 and < 90 ? 20 : 240);
        var (x, y) = HeatCentre(path, ImageFixture.Digits, out _);

        Assert.Equal(220 + (pen / 2.0), x, 3.0);
        Assert.Equal(55, y, 3.0);

        // What the network never saw is gray.
        var heat = new HeatPainter(Explain(path, ImageFixture.Digits)).DrawHeat(300, 200);
        Assert.Equal([128, 128, 128], heat.Rgb[..3]);
        Assert.Equal([128, 128, 128], heat.Rgb[^3..]);
        Assert.NotEqual([128, 128, 128], heat.Rgb.AsSpan(3 * ((55 * 300) + 220 + (pen / 2)), 3).ToArray());
    }

    [Fact]
    public void The_heat_is_drawn_at_any_size_and_the_overlay_at_that_of_the_photo()
    {
        var path = Draw(60, 40, (x, _) => x < 20 ? 220 : 30);
        var photo = Explain(path, new ImagePreprocessing());
        var painter = new HeatPainter(photo);
        var overlay = painter.DrawOverlay(ImageFile.Decode(path));
        var smaller = ImageFile.Decode(photo.EncodeOverlayPng(side: 30), "overlay");

        Assert.Equal((5, 3), (painter.DrawHeat(5, 3).Width, painter.DrawHeat(5, 3).Height));
        Assert.Equal((60, 40), (overlay.Width, overlay.Height));
        Assert.Equal(overlay.Rgb, ImageFile.Decode(photo.EncodeOverlayPng(side: 60), "overlay").Rgb);
        Assert.Equal((30, 20), (smaller.Width, smaller.Height));
        Assert.True(overlay.Rgb[3 * 610] > overlay.Rgb[(3 * 610) + 2] + 50, "red where it is bright"); // row 10, column 10
        Assert.InRange(overlay.Rgb[3 * 650] - overlay.Rgb[(3 * 650) + 2], 0, 20); // the dark right: nearly gray
    }

    [Fact]
    public void A_blank_photo_is_explained_too()
    {
        var path = Draw(50, 50, (_, _) => 200);
        Assert.All(
            [new ImagePreprocessing(), ImageFixture.Digits],
            preprocessing => Assert.Equal(50, new HeatPainter(Explain(path, preprocessing)).DrawHeat(50, 50).Width));
    }

    [Fact]
    public void A_sheet_has_a_row_of_three_pictures_a_photo()
    {
        var photo = Explain(Draw(200, 100, (x, _) => x < 50 ? 220 : 30), new ImagePreprocessing());
        var sheet = new ExplanationSheet(side: 100);
        Assert.Throws<InvalidOperationException>(sheet.EncodePng);
        sheet.Add(photo);
        var one = ImageFile.Decode(sheet.EncodePng(), "sheet");
        for (var i = 1; i < 64; i++)
        {
            sheet.Add(photo);
        }

        var all = ImageFile.Decode(sheet.EncodePng(), "sheet");
        Assert.InRange(one.Width, 300, 600);
        Assert.InRange(one.Height, 50, 200);
        Assert.Equal(one.Width, all.Width);
        Assert.InRange(all.Height, 64 * 50, 64 * one.Height);
        Assert.Equal([220, 220, 220], one.Rgb.AsSpan(3 * ((20 * one.Width) + 20), 3).ToArray());

        // Of large pictures fewer fit into the 100 megapixels that can be read back.
        Assert.Equal(64, ExplanationSheet.MostPhotosAt(320));
        Assert.InRange(ExplanationSheet.MostPhotosAt(1024), 25, 30);
    }

    private string Draw(int width, int height, Func<int, int, int> shade, int orientation = 0)
    {
        var format = orientation == 0 ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg;
        var content = ImageFixture.EncodeGrey(format, width, height, (x, y) => (byte)shade(x, y));
        return fixture.Write($"{Guid.NewGuid()}", orientation == 0 ? content : JpegBytes.WithOrientation(content, orientation));
    }

    // The middle of all heat that speaks for the class, in pixels of the photo.
    private static (double X, double Y) HeatCentre(string path, ImagePreprocessing preprocessing, out DecodedImage upright)
    {
        upright = ImageFile.Decode(path);
        var width = upright.Width;
        var heat = new HeatPainter(Explain(path, preprocessing)).DrawHeat(width, upright.Height);
        var redness = heat.Rgb.Chunk(3).Select(rgb => Math.Max(0.0, rgb[0] - rgb[2] - 60)).ToArray();
        var sum = redness.Sum();
        Assert.True(sum > 0, "Nothing is hot.");
        return (Mean(i => i % width), Mean(i => i / width));

        double Mean(Func<int, int> place) => redness.Select((red, i) => red * (place(i) + 0.5)).Sum() / sum;
    }

    // A network that answers with what it was given: the heat of each pixel of the input is its light.
    private static ImageExplanation Explain(string path, ImagePreprocessing preprocessing)
    {
        var prepared = ImagePreprocessor.Prepare(ImageFile.Decode, path, preprocessing);
        return new ImageExplanation
        {
            Path = path,
            Content = File.ReadAllBytes(path),
            ClassNames = ["dark", "light"],
            Method = ExplanationMethod.Occlusion,
            Label = 1,
            Probabilities = [0.2, 0.8],
            Heatmap = new Heatmap(preprocessing.Height, preprocessing.Width, Array.ConvertAll(prepared.Bytes, value => (float)value)),
            Placement = prepared.Placement,
        };
    }
}
