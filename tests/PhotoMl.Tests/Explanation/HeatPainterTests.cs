using PhotoMl.Data;
using PhotoMl.Explanation;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Tests.Imaging;
using SkiaSharp;

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
    public void A_bright_corner_is_hot_whatever_the_shape_and_turn_of_the_photo(ImageFit fit, int orientation, int width, int height, int right, int down)
    {
        var jpeg = ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, width, height, (x, y) => (byte)(x < width / 4 && y < height / 4 ? 230 : 20));
        var path = fixture.Write($"corner-{fit}-{orientation}-{width}.jpg", JpegBytes.WithOrientation(jpeg, orientation));
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
        var png = ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 300, 200, (x, y) => (byte)(x >= 220 && x < 220 + pen && y is >= 20 and < 90 ? 20 : 240));
        var (x, y) = HeatCentre(fixture.Write($"bar-{pen}.png", png), ImageFixture.Digits, out _);

        Assert.Equal(220 + (pen / 2.0), x, 3.0);
        Assert.Equal(55, y, 3.0);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(6, 1, 0)]
    [InlineData(8, 0, 1)]
    public void What_a_network_saw_of_a_turned_photo_is_told_of_the_upright_one(int orientation, int right, int down)
    {
        var jpeg = ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, 240, 120, (x, y) => (byte)(x < 80 && y < 40 ? 230 : 20));
        var path = fixture.Write($"turned-{orientation}.jpg", JpegBytes.WithOrientation(jpeg, orientation));
        var network = HandNetwork.OfLight(28);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var input = TorchSharp.torch.tensor(ImagePreprocessor.PrepareFile(path, new ImagePreprocessing()).Bytes, [1, 28, 28], TorchSharp.torch.ScalarType.Byte);
        var photo = Explainer.Explain(network, PixelBatch.ToNetworkInput(input), options: new ExplanationOptions { Method = ExplanationMethod.Occlusion });
        var map = photo.Heatmap;
        var hottest = map.Values.IndexOf(map.Values.ToArray().Max());

        Assert.Equal((1, 1), (photo.Label, photo.PredictedLabel));
        Assert.Equal((right, down), (hottest % 28 / 14, hottest / 28 / 14));
        Assert.True(photo.Faithfulness!.IsDeletionBetter);
    }

    [Fact]
    public void The_heat_is_drawn_at_any_size_and_the_overlay_at_that_of_the_photo()
    {
        var path = fixture.Write("plain.png", ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 60, 40, (x, _) => (byte)(x < 20 ? 220 : 30)));
        var photo = Explain(path, new ImagePreprocessing());
        var painter = new HeatPainter(photo);
        var upright = ImageFile.Decode(path);

        Assert.Equal((5, 3), (painter.DrawHeat(5, 3).Width, painter.DrawHeat(5, 3).Height));
        var overlay = painter.DrawOverlay(upright);
        Assert.Equal((60, 40), (overlay.Width, overlay.Height));
        Assert.Equal(overlay.Rgb, ImageFile.Decode(photo.EncodeOverlayPng(side: 60), "overlay").Rgb);
        Assert.Equal((30, 20), (Smaller().Width, Smaller().Height));
        Assert.True(overlay.Rgb[3 * 610] > overlay.Rgb[(3 * 610) + 2] + 50, "red where it is bright"); // row 10, column 10
        Assert.InRange(overlay.Rgb[3 * 650] - overlay.Rgb[(3 * 650) + 2], 0, 20); // the dark right: nearly grey

        DecodedImage Smaller() => ImageFile.Decode(photo.EncodeOverlayPng(side: 30), "overlay");
    }

    [Fact]
    public void A_part_of_the_photo_that_the_network_never_saw_is_grey()
    {
        var png = ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 300, 200, (x, y) => (byte)(x is >= 220 and < 232 && y is >= 20 and < 90 ? 20 : 240));
        var heat = new HeatPainter(Explain(fixture.Write("far.png", png), ImageFixture.Digits)).DrawHeat(300, 200);

        Assert.Equal([128, 128, 128], heat.Rgb[..3]);
        Assert.Equal([128, 128, 128], heat.Rgb[^3..]);
        Assert.NotEqual([128, 128, 128], heat.Rgb.AsSpan(3 * ((55 * 300) + 226), 3).ToArray());
    }

    [Fact]
    public void A_blank_photo_is_explained_too()
    {
        var path = fixture.Write("blank.png", ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 50, 50, (_, _) => 200));
        foreach (var preprocessing in new[] { new ImagePreprocessing(), ImageFixture.Digits })
        {
            Assert.Equal(50, new HeatPainter(Explain(path, preprocessing)).DrawHeat(50, 50).Width);
        }
    }

    [Fact]
    public void A_sheet_has_a_row_of_three_pictures_a_photo_and_refuses_too_many()
    {
        var path = fixture.Write("row.png", ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 200, 100, (x, _) => (byte)(x < 50 ? 220 : 30)));
        var photo = Explain(path, new ImagePreprocessing());
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
        Assert.Throws<InvalidOperationException>(() => sheet.Add(photo));

        // Of large pictures fewer fit into the 100 megapixels that can be read back.
        Assert.Equal(64, ExplanationSheet.MostPhotosAt(320));
        Assert.InRange(ExplanationSheet.MostPhotosAt(1024), 25, 30);
    }

    // The middle of all heat that speaks for the class, in pixels of the photo.
    private static (double X, double Y) HeatCentre(string path, ImagePreprocessing preprocessing, out DecodedImage upright)
    {
        upright = ImageFile.Decode(path);
        var heat = new HeatPainter(Explain(path, preprocessing)).DrawHeat(upright.Width, upright.Height);
        var (sum, sumX, sumY) = (0.0, 0.0, 0.0);
        for (var i = 0; i < upright.Width * upright.Height; i++)
        {
            var redness = Math.Max(0, heat.Rgb[3 * i] - heat.Rgb[(3 * i) + 2] - 60);
            sum += redness;
            sumX += redness * ((i % upright.Width) + 0.5);
            sumY += redness * ((i / upright.Width) + 0.5);
        }

        Assert.True(sum > 0, "Nothing is hot.");
        return (sumX / sum, sumY / sum);
    }

    // A network that answers with what it was given: the heat of each pixel of the input is its light.
    private static ImageExplanation Explain(string path, ImagePreprocessing preprocessing)
    {
        var prepared = ImagePreprocessor.PrepareFile(path, preprocessing);
        var map = new Heatmap(preprocessing.Height, preprocessing.Width, Array.ConvertAll(prepared.Bytes, value => (float)value));
        return new ImageExplanation
        {
            Path = path,
            Content = File.ReadAllBytes(path),
            ClassNames = ["dark", "light"],
            Method = ExplanationMethod.Occlusion,
            Label = 1,
            Probabilities = [0.2, 0.8],
            Heatmap = map,
            Placement = prepared.Placement,
        };
    }
}
