namespace PhotoMl.Tests.Data;

public sealed class IdxContentTests : FolderTests
{
    public static TheoryData<string, byte[], string> BadImageFiles => new()
    {
        { "an empty file", [], "an empty file" },
        { "three bytes", [0, 0, 8], "a file of 3 bytes" },
        { "a cut header", [0, 0, 8, 3, 0, 0, 0, 1], "a file of 8 bytes" },
        { "a cut body", IdxBytes.Images(4)[..^1], "39 bytes" },
        { "a byte too many", [.. IdxBytes.Images(4), 0], "41 bytes" },
        { "a labels file", IdxBytes.Labels(1, 2, 3), "1 dimension (0x00000801)" },
        { "floats", IdxBytes.Of(0xD03, [1, 1, 1], [0, 0, 0, 0]), "values that are not integers (0x00000D03)" },
        { "floats with a channel", IdxBytes.Of(0xE04, [1, 1, 1, 1], new byte[8]), "values that are not integers (0x00000E04)" },
        { "colors", IdxBytes.Of(0x804, [2, 3, 1, 3], new byte[18]), "2 x 3 x 1 x 3" },
        { "five dimensions", IdxBytes.Of(0x805, [1, 1, 1, 1, 1], [0]), "5 dimensions (0x00000805)" },
        { "an unknown type", IdxBytes.Of(0xA03, [1, 1, 1], [0]), "0x00000A03" },
        { "a negative pixel", IdxBytes.Of(0x903, [1, 1, 2], [3, 0xFF]), "-1 at index 1" },
        { "a pixel of 256", IdxBytes.Of(0xB03, [1, 1, 2], [0, 255, 1, 0]), "256 at index 1" },
        { "2^130 bytes claimed", IdxBytes.Of(0xC04, [.. Enumerable.Repeat(uint.MaxValue, 4)], [1]), "a header for 4294967295 x" },
        { "little-endian", IdxBytes.Of(0x03080000, [1, 1, 1], [0]), "0x03080000" },
        { "text", "not an IDX file at all"u8.ToArray(), "0x6E6F7420" },
        { "no images", IdxBytes.Of(0x803, [0, 28, 28], []), "a header for 0 x 28 x 28" },
        { "no width", IdxBytes.Of(0x803, [5, 28, 0], []), "a header for 5 x 28 x 0" },
        { "2 GiB claimed", IdxBytes.Of(0x803, [65535, 128, 255], [1]), "17 bytes" },
        { "2^96 bytes claimed", IdxBytes.Of(0x803, [uint.MaxValue, uint.MaxValue, uint.MaxValue], [1]), "a header for 4294967295 x" },
        { "2^64 bytes claimed", IdxBytes.Of(0x803, [1u << 31, 1u << 31, 4], [1]), "a header for 2147483648 x 2147483648 x 4" },
        { "2 GiB claimed in gzip", IdxBytes.Gzip(IdxBytes.Of(0x803, [65535, 128, 255], [1])), "too few for that" },
        { "a cut body in gzip", IdxBytes.Gzip(IdxBytes.Images(4)[..^1]), "39 bytes" },
        { "a byte too many in gzip", IdxBytes.Gzip([.. IdxBytes.Images(4), 0]), "more bytes than that" },
        { "a second member without its checksum", [.. Members(2)[..^8]], "another end" },
        { "a second member cut in its checksum", [.. Members(2)[..^3], .. new byte[2]], "another end" },
        { "a second member cut before its data end", [.. Members(2)[..^15]], "" },
        { "a second member of a wrong checksum", WithByteFlipped(Members(2), 6), "damaged or truncated gzip data" },
        { "bytes behind zeros", [.. Members(1), .. new byte[9], 1], "another end" },
        { "a member behind zeros", [.. Members(1), .. new byte[9], .. IdxBytes.Gzip([7])], "another end" },
        { "a member too many", [.. Members(2), .. IdxBytes.Gzip([7])], "more bytes than that" },
        { "bytes after the gzip data", [.. IdxBytes.Gzip(IdxBytes.Images(4)), 1, 2, 3], "another end" },
        { "gzip without its checksum", IdxBytes.Gzip(IdxBytes.Images(4))[..^8], "another end" },
        { "gzip cut in the checksum", IdxBytes.Gzip(IdxBytes.Images(4))[..^1], "another end" },
        { "only gzip's magic number", [0x1F, 0x8B], "" },
        { "gzip with a wrong checksum", WithByteFlipped(IdxBytes.Gzip(IdxBytes.Images(4)), 5), "damaged or truncated gzip data" },
        { "gzip in gzip", IdxBytes.Gzip(IdxBytes.Gzip(IdxBytes.Images(4))), "0x1F8B0800" },
    };

    [Theory]
    [MemberData(nameof(BadImageFiles), DisableDiscoveryEnumeration = true)]
    public void A_bad_image_file_is_refused_with_what_was_found(string what, byte[] bytes, string found)
    {
        var path = Folder.Write("images", bytes);
        var exception = Refusal(path);

        Assert.True(exception.Found.Contains(found, StringComparison.Ordinal), $"{what}: {exception.Message}");
        Assert.Equal($"{path}: expected {exception.Expected}, but found {exception.Found}.", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_truncated_label_file_a_missing_file_and_a_folder_are_refused()
    {
        var path = Folder.Write("train-labels-idx1-ubyte", IdxBytes.Labels(1, 2, 3)[..^1]);
        Assert.Equal($"{path}: expected 11 bytes as its header says, but found 10 bytes.", Refusal(path, IdxKind.Labels).Message);
        Assert.Equal("no such file", Refusal(Folder.File("nowhere", "images")).Found);
        Assert.Equal("a folder", Refusal(Folder.Path).Found);
    }

    [Fact]
    public void A_small_gzip_file_that_claims_much_costs_little_memory()
    {
        // 1 MB of gzip may honestly hold 1 GB, so the claim passes for possible; the data end after 2 MB.
        var noise = new byte[2_000_000];
        new Random(1).NextBytes(noise);
        var path = Folder.Write("images", IdxBytes.Gzip(IdxBytes.Of(0x803, [1_000_000, 28, 28], noise)));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Refusal(path);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("2000016 bytes", exception.Found);
        Assert.InRange(allocated, 0, 16_000_000);
    }

    [Fact]
    public void Compression_is_found_by_content_and_not_by_name()
    {
        Assert.Equal([7, 8], IdxContent.Read(Folder.Write("raw.gz", IdxBytes.Labels(7, 8)), IdxKind.Labels).Body);
        Assert.Equal([7, 8], IdxContent.Read(Folder.Write("compressed", IdxBytes.Gzip(IdxBytes.Labels(7, 8))), IdxKind.Labels).Body);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(1, 512)]
    [InlineData(2, 0)]
    [InlineData(3, 8)]
    [InlineData(40, 2_000_000)]
    public void Gzip_data_of_several_members_and_padded_with_zeros_are_read(int members, int zeros)
    {
        var whole = Members(members);
        Assert.Equal(IdxBytes.Pattern(24), Read([.. whole, .. new byte[zeros]]));
        Assert.Equal(IdxBytes.Pattern(24), Read([.. IdxBytes.Gzip([]), .. whole, .. IdxBytes.Gzip([]), .. new byte[zeros]]));
        Assert.Equal(new byte[24], Read([.. IdxBytes.Gzip(IdxBytes.Of(0x803, [4, 2, 3], new byte[24])), .. new byte[zeros]]));

        byte[] Read(byte[] bytes) => IdxContent.Read("images", IdxKind.Images, new MemoryStream(bytes), null, default).Body;
    }

    [Theory]
    [InlineData(0x801, new byte[] { 0, 255 }, new uint[] { 2 })]
    [InlineData(0x901, new byte[] { 0, 127 }, new uint[] { 2 })]
    [InlineData(0xB01, new byte[] { 0, 0, 0, 255 }, new uint[] { 2 })]
    [InlineData(0xC01, new byte[] { 0, 0, 0, 0, 0, 0, 0, 255 }, new uint[] { 2 })]
    [InlineData(0xC02, new byte[] { 0, 0, 0, 0, 0, 0, 0, 255 }, new uint[] { 2, 1 })]
    [InlineData(0x802, new byte[] { 9 }, new uint[] { 1, 1 })]
    public void Labels_of_any_integers_that_fit_a_byte_are_read(uint magic, byte[] stored, uint[] dimensions)
    {
        var content = IdxContent.Read(Folder.Write("labels", IdxBytes.Of(magic, dimensions, stored)), IdxKind.Labels);
        var size = stored.Length / (int)dimensions[0];
        Assert.Equal([(int)dimensions[0]], content.Dimensions);
        Assert.Equal(stored.Chunk(size).Select(value => value[^1]), content.Body);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(IdxBytes.Of(magic, dimensions, stored))), content.Sha256());
    }

    [Theory]
    [InlineData(4u, 1u, 2u, 3u)]
    [InlineData(4u, 2u, 3u, 1u)]
    public void Images_of_one_channel_may_say_so(params uint[] dimensions)
    {
        var path = Folder.Write("images", IdxBytes.Of(0x804, dimensions, IdxBytes.Pattern(24)));
        Assert.Equal([4, 2, 3], IdxContent.Read(path, IdxKind.Images).Dimensions);
    }

    [Theory]
    [InlineData(2, 10, 9, null)]
    [InlineData(2, 10, 10, "labels from 0 to 9, but found 10 at index 1")]
    [InlineData(2, 1, 1, "labels from 0 to 0, but found 1 at index 1")]
    [InlineData(2, 255, 255, "labels from 0 to 254, but found 255 at index 1")]
    [InlineData(2, 256, 255, null)]
    [InlineData(2, null, 255, null)]
    [InlineData(3, 10, 0, "3 labels for the images of images, but found 2")]
    public void Labels_that_do_not_fit_the_images_or_the_classes_are_refused(int count, int? classes, byte label, string? expected)
    {
        var images = IdxContent.Read(Folder.Write("images", IdxBytes.Images(count)), IdxKind.Images);
        var labels = IdxContent.Read(Folder.Write("labels", IdxBytes.Labels(0, label)), IdxKind.Labels);
        var exception = Record.Exception(() => LabelledImages.Combine(images, labels, classes)) as InvalidDatasetException;

        Assert.Equal(expected is null ? null : $"{labels.Path}: expected {expected}.", exception?.Message);
    }

    [Property(MaxTest = 100)]
    public void What_was_written_is_what_is_read(byte count, byte height, byte width, int seed, bool compress)
    {
        var (n, h, w) = (1 + (count % 9), 1 + (height % 40), 1 + (width % 40));
        var pixels = new byte[n * h * w];
        new Random(seed).NextBytes(pixels);
        var path = Folder.File("images");

        var bytes = IdxBytes.Of(0x803, [(uint)n, (uint)h, (uint)w], pixels);
        File.WriteAllBytes(path, compress ? IdxBytes.Gzip(bytes) : bytes);
        var images = IdxContent.Read(path, IdxKind.Images);

        Assert.Equal([n, h, w], images.Dimensions);
        Assert.Equal(pixels, images.Body);
    }

    [Property(MaxTest = 300)]
    public void Any_bytes_are_read_or_refused_and_nothing_else(byte[] tail, bool images, bool compress, byte first, byte second)
    {
        byte[] bytes = [0, 0, 8, images ? (byte)3 : (byte)1, 0, 0, 0, first, 0, 0, 0, second, .. tail];
        var path = Folder.Write("fuzz", compress ? IdxBytes.Gzip(bytes) : bytes);
        AssertReadOrRefused(path);
        AssertReadOrRefused(Folder.Write("fuzz", compress ? [0x1F, 0x8B, 8, .. tail] : tail));
    }

    [Property(MaxTest = 300)]
    public void A_gzip_file_cut_anywhere_is_refused(PositiveInt at)
    {
        var whole = IdxBytes.Gzip(IdxBytes.Images(50, 28, 28));
        var path = Folder.Write("images", whole[..(at.Get * 7919 % whole.Length)]);
        Refusal(path);
    }

    [Property(MaxTest = 300)]
    public void A_gzip_file_with_a_flipped_bit_never_gives_other_pixels(PositiveInt at, byte bit)
    {
        var bytes = IdxBytes.Gzip(IdxBytes.Images(20, 5, 5));
        bytes[at.Get * 7919 % bytes.Length] ^= (byte)(1 << (bit % 8));
        var path = Folder.Write("images", bytes);
        var body = Array.Empty<byte>();
        var exception = Record.Exception(() => body = IdxContent.Read(path, IdxKind.Images).Body);

        // Flags and time in the gzip header carry no data.
        Assert.True(exception is InvalidDatasetException || body.SequenceEqual(IdxBytes.Pattern(500)));
    }

    private static InvalidDatasetException Refusal(string path, IdxKind? kind = null) =>
        Assert.Throws<InvalidDatasetException>(() => IdxContent.Read(path, kind ?? IdxKind.Images));

    // Four images of 2 x 3, compressed in parts of about the same length.
    private static byte[] Members(int count)
    {
        var bytes = IdxBytes.Images(4);
        return [.. bytes.Chunk((bytes.Length + count - 1) / count).SelectMany(IdxBytes.Gzip)];
    }

    private static byte[] WithByteFlipped(byte[] bytes, int fromEnd)
    {
        bytes[^fromEnd] ^= 0xFF;
        return bytes;
    }

    private static void AssertReadOrRefused(string path)
    {
        foreach (var kind in new[] { IdxKind.Images, IdxKind.Labels })
        {
            Assert.True(Record.Exception(() => IdxContent.Read(path, kind)) is null or InvalidDatasetException);
        }
    }
}
