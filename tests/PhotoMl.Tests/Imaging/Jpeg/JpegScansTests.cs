namespace PhotoMl.Tests.Imaging;

public sealed class JpegScansTests
{
    private const string CutOff = "the JPEG image is cut off: the file ends before its pixels do";

    public static TheoryData<string, int> Files => new()
    {
        { "one scan", 0 }, { "one scan", 2 }, { "a scan each", 0 }, { "a scan each", 4 }, { "progressive", 0 }, { "progressive", 3 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_picture_is_the_same_at_every_size_whatever_its_scans_and_whatever_follows_them(string kind, int restart)
    {
        var plain = JpegEncoder.Encode("one scan").SelectMany(scan => scan).ToArray();
        var whole = JpegEncoder.Encode(kind, restart).SelectMany(scan => scan).ToArray();
        byte[][] files =
        [
            whole, [.. whole, .. plain], [.. whole[..^2], 1, 2, 3, 0xFF, 0xD9], // with a second picture behind, stray bytes before the end
            whole[..^2], whole[..^1], [.. whole[..^2], .. new byte[5000]], [.. whole[..^2], .. Enumerable.Repeat((byte)0xFF, 9)],
            [.. whole[..^2], .. plain], [.. whole[..^2], .. "PK\u0003\u0004"u8, 0xFF, 0xC0, 9, 0xFF, 0xDA, 0, 3, 7],
            [.. "\r\n"u8, .. whole[..^2]],
        ];
        foreach (var least in (int[])[int.MaxValue, 10, 1])
        {
            var expected = ImageFile.Decode(plain, "plain.jpg", least, least);
            Assert.All(files, file => Assert.Equal(expected.Rgb, ImageFile.Decode(file, "odd.jpg", least, least).Rgb));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_picture_that_lacks_a_scan_or_any_of_its_data_is_refused_with_the_reason(string kind, int restart)
    {
        var scans = JpegEncoder.Encode(kind, restart);
        var whole = scans.SelectMany(scan => scan).ToArray();
        var expected = ImageFile.Decode(whole, "whole.jpg").Rgb;
        for (var length = whole.Length - 3; length > scans[0].Length / 2; length -= 1 + ((whole.Length - length) / 10))
        {
            try
            {
                // The last bytes may hold nothing that can be seen.
                var rgb = ImageFile.Decode(whole[..length], "cut.jpg").Rgb;
                Assert.True(rgb.SequenceEqual(expected), $"cut to {length} of {whole.Length} bytes");
            }
            catch (UnreadableImageException exception)
            {
                Assert.Contains("cut off", exception.Reason, StringComparison.Ordinal);
            }
        }

        byte[][] files = [whole[..^60], [.. whole[..^60], .. new byte[5000]], [.. scans[..^1].SelectMany(scan => scan), 0xFF]];
        Array.ForEach(scans.Length > 1 ? files : files[..^1], AssertCutOff);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_picture_that_was_cut_and_given_an_end_marker_is_refused(string kind, int restart)
    {
        var scans = JpegEncoder.Encode(kind, restart);
        byte[] cut = scans.Length > 1 ? [.. scans[..^1].SelectMany(scan => scan)] : scans[0][..^300];
        AssertCutOff([.. cut, 0xFF, 0xD9]);
        AssertCutOff([.. cut, 0xFF, 0xD9, .. JpegBytes.Grey(200)]);
        AssertCutOff([.. cut[..^20], 0xFF, 0xD9, .. new byte[99]]);
    }

    [Fact]
    public void A_picture_of_more_rows_than_there_are_data_for_is_refused_in_any_color_space()
    {
        using var displayP3 = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3);
        using var adobeRgb = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.TwoDotTwo, SKColorSpaceXyz.AdobeRgb);
        var rgba = IdxBytes.Pattern(40 * 24 * 4);
        var files = new[] { null, displayP3, adobeRgb }
            .Select(colors => ImageFixture.Encode(SKEncodedImageFormat.Jpeg, 40, 24, rgba, quality: 80, colors))
            .Concat([JpegBytes.FourInks(0, 255, 0, 128, 204), JpegBytes.FourInks(2, 255, 0, 128, 204), JpegBytes.Grey(7)]);
        foreach (var file in files)
        {
            ImageFile.Decode(file, "whole.jpg");
            file[file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 6] = 96;
            AssertCutOff(file);
        }
    }

    [Fact]
    public void A_picture_that_ends_in_the_gray_that_a_decoder_fills_in_is_whole_all_the_same()
    {
        byte[] gray = [.. Enumerable.Repeat(new byte[] { 128, 128, 128, 255 }, 40 * 24).SelectMany(pixel => pixel)];
        foreach (var file in new[] { JpegBytes.MiddleGrey(40, 24), ImageFixture.Encode(SKEncodedImageFormat.Jpeg, 40, 24, gray) })
        {
            foreach (var least in (int[])[int.MaxValue, 10, 1])
            {
                Assert.All(ImageFile.Decode(file, "a.jpg", least, least).Rgb, value => Assert.Equal(128, value));
                ImageFile.Decode([.. file, .. file], "a.jpg", least, least);
                ImageFile.Decode([.. file, .. new byte[5000]], "a.jpg", least, least);
            }
        }
    }

    [Fact]
    public void Zeros_at_the_end_are_of_the_data_only_where_none_are_too_many()
    {
        var data = JpegBytes.MiddleGrey(200, 200)[..^2];
        Assert.All(ImageFile.Decode(data, "a.jpg").Rgb, value => Assert.Equal(128, value));
        AssertCutOff(data[..^3]);
        AssertCutOff([.. data[..^3], .. new byte[99]]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Four_inks_without_an_end_marker_are_read(byte transform)
    {
        var whole = JpegBytes.FourInks(transform, 255, 0, 128, 204);
        Assert.Equal(ImageFile.Decode(whole, "a.jpg").Rgb, ImageFile.Decode(whole[..^2], "a.jpg").Rgb);
    }

    [Fact]
    public void Stray_bytes_around_markers_hide_nothing()
    {
        var plain = JpegBytes.WithOrientation(JpegEncoder.Encode("progressive").SelectMany(scan => scan).ToArray(), 6);
        var expected = ImageFile.Decode(plain, "a.jpg");
        Assert.Equal((JpegEncoder.Height, JpegEncoder.Width), (expected.Width, expected.Height));
        foreach (var start in (byte[][])[[0xFF], [10], [0xEF, 0xBB, 0xBF, 13, 10], [0, 0, 0xFF, 0xFF]])
        {
            Assert.Equal(expected.Rgb, ImageFile.Decode([.. start, .. plain], "a.jpg").Rgb);
        }

        Assert.Equal(expected.Rgb, ImageFile.Decode([.. plain[..2], 0, 1, .. plain[2..]], "a.jpg").Rgb);
        Assert.Equal(expected.Rgb, ImageFile.Decode([.. plain[..2], 0xFF, 0xFE, 0, 3, 1, 7, 8, 0xFF, .. plain[2..]], "a.jpg").Rgb);

        // A preview within a file of another kind is not that file's picture.
        Assert.Throws<UnreadableImageException>(() => ImageFile.Decode([.. "FUJIFILM"u8, .. plain], "a.raf"));
    }

    [Theory]
    [InlineData("one scan", 0)]
    [InlineData("a scan each", (15 + 6 + 6) * 128)]
    [InlineData("progressive", (15 + 6 + 6) * 128)]
    public void Coefficients_are_kept_where_they_come_in_several_scans(string kind, long expected) =>
        Assert.Equal((true, expected), JpegScans.ReadHeader([.. JpegEncoder.Encode(kind).SelectMany(scan => scan)]));

    [Property(MaxTest = 100)]
    public void Damaged_bytes_are_survived(PositiveInt first, PositiveInt second, byte value, bool isProgressive)
    {
        byte[] file = [.. JpegEncoder.Encode(isProgressive ? "progressive" : "one scan", 3).SelectMany(scan => scan)];
        file[first.Get * 31 % file.Length] = value;
        file[second.Get * 7 % file.Length] = 0xFF;
        Assert.InRange(JpegScans.FindEnd(file), 0, file.Length);
        JpegScans.ReadHeader(file);
    }

    private static void AssertCutOff(byte[] file) => Assert.All([int.MaxValue, 10, 1], least => Assert.Equal(
        CutOff, Assert.Throws<UnreadableImageException>(() => ImageFile.Decode(file, "cut.jpg", least, least)).Reason));
}
