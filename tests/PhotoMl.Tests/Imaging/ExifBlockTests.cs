namespace PhotoMl.Tests.Imaging;

public sealed class ExifBlockTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xD9];
    private static readonly byte[] Webp = ImageFixture.EncodeGrey(SKEncodedImageFormat.Webp, 20, 10, (x, y) => (byte)(x * y));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Time_and_camera_are_read_in_both_byte_orders(bool isLittle)
    {
        var capture = ExifBlock.Read(ExifBytes.Into(Jpeg, "Canon", "Canon EOS 5D", "2024:02:29 13:14:15", isLittle));

        Assert.Equal(new DateTime(2024, 2, 29, 13, 14, 15, DateTimeKind.Unspecified), capture.Taken);
        Assert.Equal("Canon EOS 5D", capture.Camera);
    }

    [Theory]
    [InlineData("LG", "G5", "LG G5")] // texts of at most four bytes lie within their entries
    [InlineData("NIKON CORPORATION", "NIKON D90", "NIKON CORPORATION NIKON D90")]
    [InlineData("", "", null)]
    [InlineData("A\nB", "\u0001", "AB")]
    public void A_camera_is_named_by_make_and_model(string make, string model, string? expected) =>
        Assert.Equal(expected, ExifBlock.Read(ExifBytes.Into(Jpeg, make, model, "2024:01:01 00:00:00")).Camera);

    [Theory]
    [InlineData("2024-02-29 13:14:15")]
    [InlineData("2024/02/29 13:14:15")]
    [InlineData("2024-02-29T13:14:15.25+02:00")]
    [InlineData("2024:02:29 13:14:15Z")]
    public void A_time_is_read_as_other_programs_write_it_too(string taken) => Assert.Equal(
        new DateTime(2024, 2, 29, 13, 14, 15, DateTimeKind.Unspecified), ExifBlock.Read(ExifBytes.Into(Jpeg, "A", "B", taken)).Taken);

    [Theory]
    [InlineData("0000:00:00 00:00:00")]
    [InlineData("    :  :     :  :  ")]
    [InlineData("2024:05:01 10:33")] // without seconds it is none that a burst could go by
    [InlineData("2024:05:01")]
    [InlineData("2024:02:30 13:14:15")]
    [InlineData("")]
    public void A_time_that_makes_no_sense_is_none(string taken) =>
        Assert.Null(ExifBlock.Read(ExifBytes.Into(Jpeg, "A", "B", taken)).Taken);

    [Fact]
    public void Fill_bytes_before_a_marker_hide_nothing()
    {
        var file = ExifBytes.Into(Jpeg, "Canon", "Canon EOS 5D", "2024:02:29 13:14:15");
        byte[] other = [0xFF, 0xFF, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF];

        Assert.Equal("Canon EOS 5D", ExifBlock.Read([.. file[..2], .. other, .. file[2..]]).Camera);
        Assert.Equal("Canon EOS 5D", ExifBlock.Read([.. file[..2], 0xFF, .. file[2..]]).Camera);
        Assert.Equal("Canon EOS 5D", ExifBlock.Read([.. file[..2], .. other[..^2], 7, 0, .. file[2..]]).Camera);
    }

    [Fact]
    public void A_file_without_a_block_says_nothing()
    {
        Assert.Equal(new ExifBlock(1, null, null), ExifBlock.Read([]));
        Assert.Equal(new ExifBlock(1, null, null), ExifBlock.Read(Jpeg));
        Assert.Equal(new ExifBlock(1, null, null), ExifBlock.Read("GIF89a"u8));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 6)]
    [InlineData(8, 8)]
    [InlineData(0, 1)] // as cameras write that do not know
    [InlineData(9, 1)]
    public void The_orientation_of_a_png_is_that_of_its_exif_chunk(byte stored, int expected)
    {
        var chunk = PngBytes.Chunk("eXIf", ExifBytes.Orientation(stored));

        Assert.Equal(expected, ExifBlock.Read(PngBytes.With(chunk)).Orientation);
        Assert.Equal(expected, ExifBlock.Read([.. PngBytes.Plain, .. chunk]).Orientation);
        Assert.Equal(1, ExifBlock.Read([.. PngBytes.Plain, .. chunk[..^1]]).Orientation);
    }

    [Theory]
    [InlineData(1, 6)] // bytes, words of two and four bytes; without and with sign
    [InlineData(3, 6)]
    [InlineData(4, 6)]
    [InlineData(6, 6)]
    [InlineData(8, 6)]
    [InlineData(9, 6)]
    [InlineData(2, 1)] // a text
    [InlineData(5, 1)] // a fraction
    [InlineData(12, 1)] // a double
    public void The_orientation_counts_in_any_type_of_integer_and_in_every_format(int type, int expected)
    {
        foreach (var isLittle in (bool[])[true, false])
        {
            var block = ExifBytes.Orientation(6, type, isLittle);
            byte[] prefixed = [.. "Exif\0\0"u8, .. block];
            Assert.Equal(expected, ExifBlock.Read(ExifBytes.Into(Jpeg, block)).Orientation);
            foreach (var chunk in (byte[][])[block, prefixed])
            {
                Assert.Equal(expected, ExifBlock.Read(PngBytes.With(PngBytes.Chunk("eXIf", chunk))).Orientation);
                Assert.Equal(expected, ExifBlock.Read(ExifBytes.IntoWebp(Webp, 20, 10, chunk)).Orientation);
            }

            byte[] text = [.. Encoding.ASCII.GetBytes($"\nexif\n {prefixed.Length,7}\n{Convert.ToHexStringLower(prefixed)}\n")];
            byte[] plain = [.. "Raw profile type exif\0"u8, .. text];
            byte[] packed = [.. "Raw profile type APP1\0\0"u8, .. PngBytes.Deflate(text)];
            Assert.Equal(expected, ExifBlock.Read(PngBytes.With(PngBytes.Chunk("tEXt", plain))).Orientation);
            Assert.Equal(expected, ExifBlock.Read(PngBytes.With(PngBytes.Chunk("zTXt", packed))).Orientation);
        }
    }

    [Fact]
    public void The_first_block_and_its_first_folder_count()
    {
        var (six, eight) = (ExifBytes.Orientation(6), ExifBytes.Orientation(8, isLittle: true));

        Assert.Equal(6, ExifBlock.Read(ExifBytes.Into(ExifBytes.Into(Jpeg, eight), six)).Orientation);
        Assert.Equal(6, ExifBlock.Read(PngBytes.With(PngBytes.Chunk("eXIf", six), PngBytes.Chunk("eXIf", eight))).Orientation);
        Assert.Equal(1, ExifBlock.Read(ExifBytes.Into(Jpeg, ExifBytes.Orientation(6, isOfPreview: true))).Orientation);
        Assert.Equal(1, ExifBlock.Read(ExifBytes.IntoWebp(Webp, 20, 10, six, flags: 0)).Orientation); // a chunk that was not announced
    }

    [Property(MaxTest = 500)]
    public void Any_bytes_behind_the_header_are_survived(byte[] bytes, bool isLittle)
    {
        byte[] block = [.. isLittle ? "II*\0"u8 : "MM\0*"u8, .. bytes];
        ExifBlock.Read(ExifBytes.Into(Jpeg, block));
        ExifBlock.Read(PngBytes.With(PngBytes.Chunk("eXIf", block)));
        ExifBlock.Read(PngBytes.With(PngBytes.Chunk("tEXt", [.. "Raw profile type exif\0\nexif\n9\n"u8, .. bytes])));
        ExifBlock.Read([.. ExifBytes.IntoWebp(Webp, 20, 10, block), .. bytes]);
        ExifBlock.Read([.. PngBytes.Plain[..8], .. bytes]);
        ExifBlock.Read(bytes);
    }

    [Property(MaxTest = 500)]
    public void A_true_block_with_changed_bytes_or_cut_off_is_survived(PositiveInt first, PositiveInt second, byte value, bool isLittle)
    {
        var file = ExifBytes.Into(Jpeg, "Canon", "EOS 5D", "2024:02:29 13:14:15", isLittle);
        file[first.Get % file.Length] = value;
        file[second.Get * 7 % file.Length] = 0xFF;
        ExifBlock.Read(file);
        ExifBlock.Read(file.AsSpan(0, first.Get % file.Length));
    }
}
