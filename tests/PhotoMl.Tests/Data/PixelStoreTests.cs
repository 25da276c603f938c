namespace PhotoMl.Tests.Data;

public sealed class PixelStoreTests : FolderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_are_taken_in_the_order_of_the_indices_and_a_subset_outlives_its_source(bool inFile)
    {
        var pixels = Numbered(inFile);
        using var some = pixels.Take([3L, 0, 3]);
        using var neighbors = pixels.Take(1, 2);
        var subset = pixels.Subset([4, 1]);
        Assert.Equal((5, 1, 1, 2), (pixels.Count, pixels.Channels, pixels.Height, pixels.Width));
        pixels.Dispose();
        using var all = subset.Take(0, 2);
        subset.Dispose();

        Assert.Equal([3, 1, 1, 2], some.shape);
        Assert.Equal(ScalarType.Byte, some.dtype);
        Assert.Equal([6, 7, 0, 1, 6, 7], some.data<byte>().ToArray());
        Assert.Equal([2, 3, 4, 5], neighbors.data<byte>().ToArray());
        Assert.Equal([8, 9, 2, 3], all.data<byte>().ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_image_that_is_not_there_is_refused(bool inFile)
    {
        using var pixels = Numbered(inFile);
        foreach (var index in new[] { -1, 5 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take([(long)index]));
            Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Subset([0, index]));
            Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take(index, 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take(0, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take(1, int.MaxValue));
    }

    [Fact]
    public void The_last_store_of_a_file_closes_it()
    {
        var pixels = Numbered(inFile: true);
        var subset = pixels.Subset([4, 1]);
        pixels.Dispose();
        Assert.Throws<IOException>(OpenAlone);

        subset.Dispose();
        subset.Dispose();
        OpenAlone();
        Assert.Throws<ObjectDisposedException>(() => subset.Take(0, 1));

        void OpenAlone() => new FileStream(Folder.File("pixels"), FileMode.Open, FileAccess.Read, FileShare.None).Dispose();
    }

    [LinuxFact]
    public void A_file_that_was_shortened_is_named_instead_of_ending_the_process()
    {
        using var pixels = InFile(rows: 20_000, 0, 19_999);

        // As a program does that asks for no locks.
        using (var process = System.Diagnostics.Process.Start("truncate", ["-s", "100", Folder.File("pixels")]))
        {
            process.WaitForExit();
        }

        var exception = Assert.Throws<InvalidDatasetException>(() => pixels.Take([1L]));
        Assert.Equal((Folder.File("pixels"), "fewer"), (exception.Path, exception.Found));
    }

    [LinuxFact]
    public void A_file_that_was_deleted_stays_readable()
    {
        using var pixels = Numbered(inFile: true);
        File.Delete(Folder.File("pixels"));
        using var last = pixels.Take([4L]);

        Assert.Equal([8, 9], last.data<byte>().ToArray());
    }

    [Fact]
    public async Task Reading_while_the_last_store_is_disposed_gives_the_pixels_or_a_refusal()
    {
        for (var i = 0; i < 200; i++)
        {
            var pixels = InFile(20, 0, 7);
            var reading = Task.Run(() =>
            {
                using var image = pixels.Take([1L]);
                Assert.Equal([14, 15], image.data<byte>().ToArray());
            });
            pixels.Dispose();
            Assert.True(await Record.ExceptionAsync(() => reading) is null or ObjectDisposedException);
        }
    }

    [Fact]
    public void The_hash_of_a_file_is_that_of_the_checksums_of_its_images_in_their_order()
    {
        using var pixels = InFile(5, 4, 2, 0);
        using var some = pixels.Subset([2, 0]);
        Assert.Equal(HashOf(4, 2, 0), Hash(pixels));
        Assert.Equal(HashOf(0, 4), Hash(some));

        static byte[] Hash(PixelStore pixels)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            pixels.AddTo(hash, CancellationToken.None);
            return hash.GetHashAndReset();
        }

        static byte[] HashOf(params uint[] checksums) => SHA256.HashData(MemoryMarshal.AsBytes<uint>(checksums));
    }

    // Five images, of which image k has the pixels 2 k and 2 k + 1.
    private PixelStore Numbered(bool inFile) => inFile
        ? InFile(5, 0, 1, 2, 3, 4)
        : new TensorPixels(tensor([.. Enumerable.Range(0, 10).Select(value => (byte)value)], [5, 1, 1, 2], ScalarType.Byte));

    // Row k has the pixels 2 k and 2 k + 1, after three bytes of something else.
    private FilePixels InFile(int rows, params int[] taken)
    {
        PhotoMl.Runtime.NativeLibraries.EnsureLoaded();
        File.WriteAllBytes(Folder.File("pixels"), [99, 99, 99, .. Enumerable.Range(0, 2 * rows).Select(value => (byte)value)]);
        return FilePixels.Open(Folder.File("pixels"), Array.ConvertAll(taken, row => (3 + (2L * row), (uint)row)), (1, 1, 2));
    }
}
