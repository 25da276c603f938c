using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace PhotoMl.Tests.Data;

public sealed class IdxContentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, byte[], string> BadImageFiles => new()
    {
        { "an empty file", [], "an empty file" },
        { "three bytes", [0, 0, 8], "a file of 3 bytes" },
        { "a cut header", [0, 0, 8, 3, 0, 0, 0, 1], "a file of 8 bytes" },
        { "a cut body", IdxBytes.Images(4)[..^1], "39 bytes" },
        { "a byte too many", [.. IdxBytes.Images(4), 0], "41 bytes" },
        { "a labels file", IdxBytes.Labels(1, 2, 3), "1 dimension (0x00000801)" },
        { "floats", IdxBytes.Of(0xD03, [1, 1, 1], [0, 0, 0, 0]), "values that are not unsigned bytes (0x00000D03)" },
        { "little-endian", IdxBytes.Of(0x03080000, [1, 1, 1], [0]), "0x03080000" },
        { "text", "not an IDX file at all"u8.ToArray(), "0x6E6F7420" },
        { "no images", IdxBytes.Of(0x803, [0, 28, 28], []), "a header for 0 x 28 x 28" },
        { "no width", IdxBytes.Of(0x803, [5, 28, 0], []), "a header for 5 x 28 x 0" },
        { "2 GiB claimed", IdxBytes.Of(0x803, [65535, 128, 255], [1]), "17 bytes" },
        { "2^96 bytes claimed", IdxBytes.Of(0x803, [uint.MaxValue, uint.MaxValue, uint.MaxValue], [1]), "a header for 4294967295 x 4294967295 x 4294967295" },
        { "2^64 bytes claimed", IdxBytes.Of(0x803, [1u << 31, 1u << 31, 4], [1]), "a header for 2147483648 x 2147483648 x 4" },
        { "2 GiB claimed in gzip", IdxBytes.Gzip(IdxBytes.Of(0x803, [65535, 128, 255], [1])), "too few for that" },
        { "a cut body in gzip", IdxBytes.Gzip(IdxBytes.Images(4)[..^1]), "39 bytes" },
        { "a byte too many in gzip", IdxBytes.Gzip([.. IdxBytes.Images(4), 0]), "more bytes than that" },
        { "bytes after the gzip data", [.. IdxBytes.Gzip(IdxBytes.Images(4)), 1, 2, 3], "another end" },
        { "gzip without its checksum", IdxBytes.Gzip(IdxBytes.Images(4))[..^8], "another end" },
        { "gzip cut in the checksum", IdxBytes.Gzip(IdxBytes.Images(4))[..^1], "another end" },
        { "only gzip's magic number", [0x1F, 0x8B], "" },
        { "gzip with a wrong checksum", WithByteFlipped(IdxBytes.Gzip(IdxBytes.Images(4)), 5), "damaged or truncated gzip data" },
        { "gzip in gzip", IdxBytes.Gzip(IdxBytes.Gzip(IdxBytes.Images(4))), "0x1F8B0800" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(BadImageFiles))]
    public void Reading_a_bad_image_file_says_what_was_found(string what, byte[] bytes, string found)
    {
        var path = _folder.Write("images", bytes);

        var exception = Assert.Throws<InvalidDatasetException>(() => IdxContent.Read(path, IdxKind.Images));

        Assert.True(exception.Found.Contains(found, StringComparison.Ordinal), $"{what}: {exception.Message}");
        Assert.Equal(path, exception.Path);
        Assert.Equal($"{path}: expected {exception.Expected}, but found {exception.Found}.", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Reading_a_truncated_label_file_names_the_file()
    {
        var path = _folder.Write("train-labels-idx1-ubyte", IdxBytes.Labels(1, 2, 3)[..^1]);

        var exception = Assert.Throws<InvalidDatasetException>(() => IdxContent.Read(path, IdxKind.Labels));

        Assert.Equal($"{path}: expected 11 bytes as its header says, but found 10 bytes.", exception.Message);
    }

    [Fact]
    public void Reading_a_file_that_is_not_there_says_so()
    {
        var exception = Assert.Throws<InvalidDatasetException>(() => IdxContent.Read(_folder.File("nowhere", "images"), IdxKind.Images));
        Assert.Equal("no such file", exception.Found);
    }

    [Fact]
    public void Reading_a_folder_as_a_file_says_so()
    {
        var exception = Assert.Throws<InvalidDatasetException>(() => IdxContent.Read(_folder.Path, IdxKind.Images));
        Assert.Equal("a folder", exception.Found);
    }

    [Fact]
    public void A_small_gzip_file_that_claims_much_costs_little_memory()
    {
        // 1 MB of gzip may honestly hold 1 GB, so the claim passes for possible; the data end after 2 MB.
        var noise = new byte[2_000_000];
        new Random(1).NextBytes(noise);
        var path = _folder.Write("images", IdxBytes.Gzip(IdxBytes.Of(0x803, [1_000_000, 28, 28], noise)));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidDatasetException>(() => IdxContent.Read(path, IdxKind.Images));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("2000016 bytes", exception.Found);
        Assert.InRange(allocated, 0, 16_000_000);
    }

    [Fact]
    public void Compression_is_told_by_content_and_not_by_name()
    {
        var raw = _folder.Write("raw.gz", IdxBytes.Labels(7, 8));
        var compressed = _folder.Write("compressed", IdxBytes.Gzip(IdxBytes.Labels(7, 8)));

        Assert.Equal([7, 8], IdxContent.Read(raw, IdxKind.Labels).Body);
        Assert.Equal([7, 8], IdxContent.Read(compressed, IdxKind.Labels).Body);
    }

    [Fact]
    public void Labels_that_are_not_as_many_as_the_images_are_refused()
    {
        var images = _folder.Write("images", IdxBytes.Images(3));
        var labels = _folder.Write("labels", IdxBytes.Labels(0, 1));

        var exception = Assert.Throws<InvalidDatasetException>(() => Combine(images, labels));

        Assert.Equal($"{labels}: expected 3 labels for the images of images, but found 2.", exception.Message);
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(10, 9, false)]
    [InlineData(1, 1, true)]
    [InlineData(255, 255, true)]
    [InlineData(256, 255, false)]
    [InlineData(null, 255, false)]
    public void A_label_beyond_the_classes_is_refused(int? classes, byte label, bool refused)
    {
        var images = _folder.Write("images", IdxBytes.Images(2));
        var labels = _folder.Write("labels", IdxBytes.Labels(0, label));

        var exception = Record.Exception(() => Combine(images, labels, classes));

        Assert.Equal(refused ? $"{label} at index 1" : null, (exception as InvalidDatasetException)?.Found);
        Assert.Equal(refused, exception is not null);
    }

    [Property(MaxTest = 100)]
    public void What_was_written_is_what_is_read(byte count, byte height, byte width, int seed, bool compress)
    {
        var (n, h, w) = (1 + (count % 9), 1 + (height % 40), 1 + (width % 40));
        var pixels = new byte[n * h * w];
        new Random(seed).NextBytes(pixels);
        var path = _folder.File("images");

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
        var path = _folder.Write("fuzz", compress ? IdxBytes.Gzip(bytes) : bytes);
        AssertReadOrRefused(path);
        AssertReadOrRefused(_folder.Write("fuzz", compress ? [0x1F, 0x8B, 8, .. tail] : tail));
    }

    [Property(MaxTest = 300)]
    public void A_gzip_file_cut_anywhere_is_refused(PositiveInt at)
    {
        var whole = IdxBytes.Gzip(IdxBytes.Images(50, 28, 28));
        var path = _folder.Write("images", whole[..(at.Get * 7919 % whole.Length)]);
        Assert.Throws<InvalidDatasetException>(() => IdxContent.Read(path, IdxKind.Images));
    }

    [Property(MaxTest = 300)]
    public void A_gzip_file_with_a_flipped_bit_never_gives_other_pixels(PositiveInt at, byte bit)
    {
        var bytes = IdxBytes.Gzip(IdxBytes.Images(20, 5, 5));
        bytes[at.Get * 7919 % bytes.Length] ^= (byte)(1 << (bit % 8));
        var path = _folder.Write("images", bytes);
        try
        {
            // Flags and time in the gzip header carry no data.
            Assert.Equal(IdxBytes.Pattern(500), IdxContent.Read(path, IdxKind.Images).Body);
        }
        catch (InvalidDatasetException)
        {
        }
    }

    private static LabelledImages Combine(string images, string labels, int? classes = null) =>
        LabelledImages.Combine(images, IdxContent.Read(images, IdxKind.Images), labels, IdxContent.Read(labels, IdxKind.Labels), classes);

    private static byte[] WithByteFlipped(byte[] bytes, int fromEnd)
    {
        bytes[^fromEnd] ^= 0xFF;
        return bytes;
    }

    private static void AssertReadOrRefused(string path)
    {
        Read(() => IdxContent.Read(path, IdxKind.Images));
        Read(() => IdxContent.Read(path, IdxKind.Labels));

        static void Read(Action read)
        {
            try
            {
                read();
            }
            catch (InvalidDatasetException)
            {
            }
        }
    }
}
