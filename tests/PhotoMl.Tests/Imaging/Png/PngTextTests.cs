namespace PhotoMl.Tests.Imaging;

public sealed class PngTextTests
{
    public static TheoryData<string, byte[], string> BadFiles => new()
    {
        { "nothing", [], "something else" },
        { "text", "hello there"u8.ToArray(), "something else" },
        { "only the signature", PngBytes.Plain[..8], "cut off" },
        { "no end", PngBytes.Plain[..^12], "cut off" },
        { "no header", [.. PngBytes.Plain[..8], .. PngBytes.Plain[33..]], "does not begin with its header" },
        { "no pixels", [.. PngBytes.Plain[..33], .. PngBytes.Chunk("IEND")], "ends without pixels" },
        { "data in the end", [.. PngBytes.Plain[..^12], .. PngBytes.Chunk("IEND", 1)], "data in its end" },
        { "a length beyond the file", PngBytes.With([0xFF, 0xFF, 0xFF, 0xFF, .. "tEXt"u8, .. new byte[4]]), "cut off" },
        { "a type that is no word", PngBytes.With(PngBytes.Chunk("t Xt")), "there is no chunk" },
        { "a wrong checksum", PngBytes.With([.. PngBytes.Chunk("tEXt", [.. "key\0text"u8])[..^1], 0]), "does not match its checksum" },
        { "an international text without its flags", With("iTXt", "key\0\0"u8), "its text cannot be read" },
        { "an unknown flag", With("iTXt", "key\0\u0002\0\0\0text"u8), "its text cannot be read" },
        { "no text after the language", With("iTXt", "key\0\0\0en\0text"u8), "its text cannot be read" },
        { "a text that is no UTF-8", With("iTXt", "key\0\0\0\0\0"u8, 0xC3), "its text cannot be read" },
        { "an unknown compression", With("zTXt", "key\0\u0001"u8, PngBytes.Deflate([65])), "its text cannot be read" },
        { "no compression method", With("zTXt", "key\0"u8), "its text cannot be read" },
        { "damaged compression", With("zTXt", "key\0\0"u8, 1, 2, 3), "its text cannot be read" },
        { "a compressed text of 100 MB", With("zTXt", "key\0\0"u8, PngBytes.Deflate(new byte[100_000_000])), "at most 1 MiB" },
        { "a long text", With("tEXt", "key\0"u8, new byte[2_000_000]), "at most 1 MiB" },
    };

    [Theory]
    [MemberData(nameof(BadFiles), DisableDiscoveryEnumeration = true)]
    public void A_bad_file_is_refused_with_its_path_and_the_reason(string what, byte[] content, string reason)
    {
        var exception = Assert.Throws<UnreadableImageException>(() => PngText.Find(content, "bad.png", "key"));

        Assert.True(exception.Reason.Contains(reason, StringComparison.Ordinal), $"{what}: {exception.Message}");
        Assert.Equal($"bad.png: {exception.Reason}.", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Every_kind_of_text_chunk_is_read()
    {
        byte[] german = [.. "gr"u8, 0xFC, 0xDF]; // Latin-1
        var png = PngBytes.With(
            PngBytes.Chunk("tEXt", [.. "plain\0"u8, .. german]),
            PngBytes.Chunk("zTXt", [.. "packed\0\0"u8, .. PngBytes.Deflate(german)]),
            PngBytes.Chunk("iTXt", [.. "international\0\0\0de\0\u00FCbersetzt\0gr\u00FC\u00DF\u4E16"u8]),
            PngBytes.Chunk("iTXt", [.. "both\0\u0001\0\0\0"u8, .. PngBytes.Deflate([.. "gr\u00FC\u00DF\u4E16"u8])]));

        Assert.Equal("gr\u00FC\u00DF", Find(png, "plain"));
        Assert.Equal("gr\u00FC\u00DF", Find(png, "packed"));
        Assert.Equal("gr\u00FC\u00DF\u4E16", Find(png, "international"));
        Assert.Equal("gr\u00FC\u00DF\u4E16", Find(png, "both"));
    }

    [Fact]
    public void Only_the_very_keyword_is_found_and_of_two_texts_the_first()
    {
        var png = PngText.Add(PngText.Add(PngBytes.Plain, "A key, of \u00FCmlauts", "text"), "A key, of \u00FCmlauts", "second");
        using var folder = new TemporaryFolder();

        Assert.Equal("text", PngText.Find(folder.Write("a.png", png), "A key, of \u00FCmlauts"));
        Assert.All(["a key, of \u00FCmlauts", "A key", "A key, of \u00FCmlauts!"], other => Assert.Null(Find(png, other)));
        Assert.Null(Find(PngBytes.Plain, "A key"));
    }

    [Fact]
    public void A_chunk_that_nobody_asks_for_may_be_large()
    {
        byte[] foreign = [.. "XML:com.adobe.xmp\0"u8, .. new byte[3_000_000]];
        var png = PngText.Add(PngBytes.With(PngBytes.Chunk("iTXt", foreign), PngBytes.Chunk("prIv", foreign)), "key", "text");
        Assert.Equal("text", Find(png, "key"));
    }

    [Fact]
    public void The_text_stands_before_the_pixels_and_leaves_them_as_they_are()
    {
        var png = PngText.Add(PngBytes.Plain, "key", "text");

        byte[] expected = [0, 0, 0, 12, .. "iTXtkey\0\0\0\0\0text"u8];
        var at = png.AsSpan().IndexOf(expected);
        Assert.True(at > 0);
        Assert.Equal("IDAT"u8, png.AsSpan(at + expected.Length + 4 + 4, 4));
        Assert.Equal(PngBytes.Plain, png[..at].Concat(png[(at + expected.Length + 4)..]));
    }

    [Fact]
    public void Bytes_without_pixels_get_no_text()
    {
        Assert.Throws<ArgumentException>(() => PngText.Add([], "key", "text"));
        Assert.Throws<ArgumentException>(() => PngText.Add("GIF89a and more bytes"u8, "key", "text"));
        Assert.Throws<ArgumentException>(() => PngText.Add(PngBytes.Plain.AsSpan(0, 33), "key", "text"));
        byte[] endless = [.. PngBytes.Plain[..33], 0xFF, 0xFF, 0xFF, 0xFF, .. PngBytes.Plain[37..]];
        Assert.Throws<ArgumentException>(() => PngText.Add(endless, "key", "text"));
    }

    [Property(MaxTest = 300)]
    public void Any_text_is_found_as_it_was_added(PositiveInt[] codePoints, byte keywordLength)
    {
        var stored = Text(codePoints);
        var keyword = new string('k', 1 + (keywordLength % 79));
        var png = PngText.Add(PngText.Add(PngBytes.Plain, "another", "text"), keyword, stored);
        Assert.Equal(stored, Find(png, keyword));
    }

    [Property(MaxTest = 500)]
    public void A_file_cut_off_anywhere_is_refused(PositiveInt at)
    {
        var whole = PngText.Add(PngBytes.Plain, "key", "some text");
        Assert.Throws<UnreadableImageException>(() => Find(whole[..(at.Get * 7919 % whole.Length)], "key"));
    }

    [Fact]
    public void A_flipped_bit_outside_of_the_pixels_never_gives_another_text()
    {
        var whole = PngText.Add(PngBytes.Plain, "key", "some text");
        var pixels = whole.AsSpan().IndexOf("IDAT"u8) + 4;
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            if (bit / 8 < pixels || bit / 8 >= whole.Length - 12)
            {
                Assert.Throws<UnreadableImageException>(() => Find(damaged, "key"));
            }
            else
            {
                Assert.Equal("some text", Find(damaged, "key"));
            }
        }
    }

    [Property(MaxTest = 500)]
    public void Damaged_chunks_give_a_text_or_a_refusal(byte type, byte[] data, PositiveInt at, byte value, bool sealUp)
    {
        string[] types = ["tEXt", "zTXt", "iTXt"];
        byte[] start = type % 2 == 0 ? [.. "key\0"u8] : [.. "key\0\u0001\0\0\0"u8, .. PngBytes.Deflate([.. "some text"u8])];
        byte[] content = [.. start, .. data];
        content[at.Get * 7919 % content.Length] = value;
        var png = PngBytes.With(PngBytes.Chunk(types[type % 3], content));
        if (!sealUp)
        {
            png[at.Get * 104_729 % png.Length] ^= value;
        }

        var exception = Record.Exception(() => Find(png, "key"));

        Assert.True(exception is null or UnreadableImageException, $"{exception}");
    }

    private static byte[] With(string type, ReadOnlySpan<byte> start, params byte[] rest) =>
        PngBytes.With(PngBytes.Chunk(type, [.. start, .. rest]));

    private static string? Find(byte[] png, string keyword) => PngText.Find(png, "a.png", keyword);

    // From all over Unicode, without null characters and halves of surrogate pairs, which no PNG file can hold.
    private static string Text(PositiveInt[] codePoints) => string.Concat(codePoints
        .Select(point => 1 + (int)(point.Get * 7919L % 0x10FFFF)).Where(Rune.IsValid).Select(point => new Rune(point).ToString()));
}
