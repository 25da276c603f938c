using System.Text;
using FsCheck;
using FsCheck.Xunit;
using PhotoMl.Imaging;

namespace PhotoMl.Tests.Imaging;

public sealed class PngTextTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    public static TheoryData<string, byte[], string> BadFiles => new()
    {
        { "nothing", [], "the file is empty" },
        { "text", "hello there"u8.ToArray(), "something else" },
        { "half a signature", PngBytes.Plain[..5], "something else" },
        { "only the signature", PngBytes.Plain[..8], "cut off" },
        { "no end", PngBytes.Plain[..^12], "cut off" },
        { "half an end", PngBytes.Plain[..^1], "cut off" },
        { "no header", [.. PngBytes.Plain[..8], .. PngBytes.Plain[33..]], "does not begin with its header" },
        { "no pixels", [.. PngBytes.Plain[..33], .. PngBytes.Chunk("IEND")], "ends without pixels" },
        { "data in the end", [.. PngBytes.Plain[..^12], .. PngBytes.Chunk("IEND", 1)], "data in its end" },
        { "a length beyond the file", PngBytes.With([0xFF, 0xFF, 0xFF, 0xFF, .. "tEXt"u8, .. new byte[4]]), "cut off" },
        { "a type that is no word", PngBytes.With(PngBytes.Chunk("t Xt")), "there is no chunk" },
        { "a wrong checksum", PngBytes.With([.. PngBytes.Chunk("tEXt", [.. "key\0text"u8])[..^1], 0]), "does not match its checksum" },
        { "an international text without its flags", PngBytes.With(PngBytes.Chunk("iTXt", [.. "key\0\0"u8])), "its text cannot be read" },
        { "an unknown flag", PngBytes.With(PngBytes.Chunk("iTXt", [.. "key\0\u0002\0\0\0text"u8])), "its text cannot be read" },
        { "no text after the language", PngBytes.With(PngBytes.Chunk("iTXt", [.. "key\0\0\0en\0text"u8])), "its text cannot be read" },
        { "a text that is no UTF-8", PngBytes.With(PngBytes.Chunk("iTXt", [.. "key\0\0\0\0\0"u8, 0xC3])), "its text cannot be read" },
        { "an unknown compression", PngBytes.With(PngBytes.Chunk("zTXt", [.. "key\0\u0001"u8, .. PngBytes.Deflate([65])])), "its text cannot be read" },
        { "no compression method", PngBytes.With(PngBytes.Chunk("zTXt", [.. "key\0"u8])), "its text cannot be read" },
        { "damaged compression", PngBytes.With(PngBytes.Chunk("zTXt", [.. "key\0\0"u8, 1, 2, 3])), "its text cannot be read" },
        { "a compressed text of 100 MB", PngBytes.With(PngBytes.Chunk("zTXt", [.. "key\0\0"u8, .. PngBytes.Deflate(new byte[100_000_000])])), "at most 1 MiB" },
        { "a long text", PngBytes.With(PngBytes.Chunk("tEXt", [.. "key\0"u8, .. new byte[2_000_000]])), "at most 1 MiB" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void A_bad_file_is_refused_with_its_path_and_the_reason(string what, byte[] content, string reason)
    {
        var path = _fixture.Write("bad.png", content);

        var exception = Assert.Throws<UnreadableImageException>(() => PngText.Find(path, "key"));

        Assert.True(exception.Reason.Contains(reason, StringComparison.Ordinal), $"{what}: {exception.Message}");
        Assert.Equal($"{path}: {exception.Reason}.", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        Assert.Equal("there is no such file", Assert.Throws<UnreadableImageException>(() => PngText.Find(_fixture.PathOf("no.png"), "key")).Reason);
        Assert.Contains("folder", Assert.Throws<UnreadableImageException>(() => PngText.Find(_fixture.Folder, "key")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_above_the_cap_is_refused_before_it_is_read()
    {
        var path = _fixture.Write("large.png", PngBytes.Plain);
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(ImageFile.MaximumFileBytes + 1L); // sparse
        }

        var exception = Assert.Throws<UnreadableImageException>(() => PngText.Find(path, "key"));

        Assert.Equal("expected an image file of at most 256 MiB but it is larger", exception.Reason);
    }

    [Fact]
    public void Every_kind_of_text_chunk_is_read()
    {
        byte[] german = [.. "gr"u8, 0xFC, 0xDF]; // Latin-1
        var path = _fixture.Write("texts.png", PngBytes.With(
            PngBytes.Chunk("tEXt", [.. "plain\0"u8, .. german]),
            PngBytes.Chunk("zTXt", [.. "packed\0\0"u8, .. PngBytes.Deflate(german)]),
            PngBytes.Chunk("iTXt", [.. "international\0\0\0de\0\u00FCbersetzt\0gr\u00FC\u00DF\u4E16"u8]),
            PngBytes.Chunk("iTXt", [.. "both\0\u0001\0\0\0"u8, .. PngBytes.Deflate([.. "gr\u00FC\u00DF\u4E16"u8])])));

        Assert.Equal("gr\u00FC\u00DF", PngText.Find(path, "plain"));
        Assert.Equal("gr\u00FC\u00DF", PngText.Find(path, "packed"));
        Assert.Equal("gr\u00FC\u00DF\u4E16", PngText.Find(path, "international"));
        Assert.Equal("gr\u00FC\u00DF\u4E16", PngText.Find(path, "both"));
    }

    [Fact]
    public void Only_the_very_keyword_is_found()
    {
        var path = _fixture.Write("a.png", PngText.Add(PngBytes.Plain, "Receipt", "text"));

        Assert.Equal("text", PngText.Find(path, "Receipt"));
        Assert.Null(PngText.Find(path, "receipt"));
        Assert.Null(PngText.Find(path, "Recei"));
        Assert.Null(PngText.Find(path, "Receipts"));
        Assert.Null(PngText.Find(_fixture.Write("plain.png", PngBytes.Plain), "Receipt"));
    }

    [Fact]
    public void Of_two_texts_with_a_keyword_the_first_is_found()
    {
        var path = _fixture.Write("a.png", PngText.Add(PngText.Add(PngBytes.Plain, "key", "first"), "key", "second"));
        Assert.Equal("first", PngText.Find(path, "key"));
    }

    [Fact]
    public void A_chunk_that_nobody_asks_for_may_be_large()
    {
        byte[] foreign = [.. "XML:com.adobe.xmp\0"u8, .. new byte[3_000_000]];
        var path = _fixture.Write("a.png", PngText.Add(PngBytes.With(PngBytes.Chunk("iTXt", foreign), PngBytes.Chunk("prIv", foreign)), "key", "text"));

        Assert.Equal("text", PngText.Find(path, "key"));
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
        Assert.Equal(ImageFile.Decode(_fixture.Write("plain.png", PngBytes.Plain)).Rgb, ImageFile.Decode(_fixture.Write("text.png", png)).Rgb);
    }

    [Fact]
    public void The_checksum_is_that_of_the_PNG_specification()
    {
        Assert.Equal(0xAE426082, Crc32.Of("IEND"u8)); // the last four bytes of every PNG file
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8)); // the check value of CRC-32/ISO-HDLC
    }

    [Theory]
    [InlineData("k")]
    [InlineData("A key, of \u00FCmlauts")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public void A_keyword_that_PNG_allows_is_taken(string keyword) =>
        Assert.Equal("text", Find(PngText.Add(PngBytes.Plain, keyword, "text"), keyword));

    [Fact]
    public void Bytes_without_pixels_get_no_text()
    {
        Assert.Throws<ArgumentException>(() => PngText.Add([], "key", "text"));
        Assert.Throws<ArgumentException>(() => PngText.Add("GIF89a and more bytes"u8, "key", "text"));
        Assert.Throws<ArgumentException>(() => PngText.Add(PngBytes.Plain.AsSpan(0, 33), "key", "text"));
        Assert.Throws<ArgumentException>(() => PngText.Add([.. PngBytes.Plain[..33], 0xFF, 0xFF, 0xFF, 0xFF, .. PngBytes.Plain[37..]], "key", "text"));
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

    private static string? Find(byte[] png, string keyword) => PngText.Find(png, "a.png", PngText.EncodeKeyword(keyword));

    // Spread over all of Unicode, without null characters and halves of surrogate pairs, which no PNG file can hold.
    private static string Text(PositiveInt[] codePoints) =>
        string.Concat(codePoints.Select(point => 1 + (int)(point.Get * 7919L % 0x10FFFF)).Where(Rune.IsValid).Select(point => new Rune(point).ToString()));
}
