using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PhotoMl.Data;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Data;

public sealed class FilePixelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_taken_in_the_order_of_the_indices()
    {
        using var pixels = Numbered(rows: 5, 0, 1, 2, 4);
        using var some = pixels.Take([3L, 0, 3]);
        using var side = pixels.Take(1, 2);

        Assert.Equal((4, 1, 1, 2), (pixels.Count, pixels.Channels, pixels.Height, pixels.Width));
        Assert.Equal([3, 1, 1, 2], some.shape);
        Assert.Equal(ScalarType.Byte, some.dtype);
        Assert.Equal([8, 9, 0, 1, 8, 9], some.data<byte>().ToArray());
        Assert.Equal([2, 3, 4, 5], side.data<byte>().ToArray());
    }

    [Fact]
    public void A_subset_outlives_what_it_was_made_of_and_the_last_one_closes_the_file()
    {
        PixelStore subset;
        using (var pixels = Numbered(5, 0, 1, 2, 3, 4))
        {
            subset = pixels.Subset([4, 1]);
        }

        using (var all = subset.Take(0, 2))
        {
            Assert.Equal([8, 9, 2, 3], all.data<byte>().ToArray());
            Assert.Throws<IOException>(OpenAlone);
        }

        subset.Dispose();
        subset.Dispose();
        OpenAlone();
        Assert.Throws<ObjectDisposedException>(() => subset.Take(0, 1));

        void OpenAlone() => new FileStream(_folder.File("pixels"), FileMode.Open, FileAccess.Read, FileShare.None).Dispose();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void An_image_that_is_not_there_is_refused(long index)
    {
        using var pixels = Numbered(5, 0, 1, 2, 3, 4);

        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take([index]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Subset([0, index]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take((int)index, 1));
    }

    [LinuxFact]
    public void A_file_that_was_shortened_is_named_instead_of_ending_the_process()
    {
        using var pixels = Numbered(20_000, 0, 19_999);
        Truncate(_folder.File("pixels"), 100);

        var exception = Assert.Throws<InvalidDatasetException>(() => pixels.Take([1L]));
        Assert.Equal($"{_folder.File("pixels")}: expected at least 40003 bytes, as there were when it was opened, but found fewer.", exception.Message);
    }

    [LinuxFact]
    public void A_file_that_was_deleted_stays_readable()
    {
        using var pixels = Numbered(5, 0, 1, 2, 3, 4);
        File.Delete(_folder.File("pixels"));
        using var last = pixels.Take([4L]);

        Assert.Equal([8, 9], last.data<byte>().ToArray());
    }

    [Fact]
    public async Task Reading_while_the_last_store_is_disposed_gives_the_pixels_or_a_refusal()
    {
        for (var i = 0; i < 200; i++)
        {
            var pixels = Numbered(20, 0, 7);
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
    public void The_hash_is_that_of_the_checksums_of_the_images_in_their_order()
    {
        using var pixels = Numbered(5, 4, 2, 0);
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

    // Row k has the pixels 2 k and 2 k + 1, after three bytes of something else.
    private FilePixels Numbered(int rows, params int[] taken)
    {
        PhotoMl.Runtime.NativeLibraries.EnsureLoaded();
        File.WriteAllBytes(_folder.File("pixels"), [99, 99, 99, .. Enumerable.Range(0, 2 * rows).Select(value => (byte)value)]);
        return FilePixels.Open(_folder.File("pixels"), Array.ConvertAll(taken, row => 3 + (2L * row)), Array.ConvertAll(taken, row => (uint)row), (1, 1, 2));
    }

    // As a program does that asks for no locks.
    private static void Truncate(string path, long length)
    {
        using var process = System.Diagnostics.Process.Start("truncate", ["-s", $"{length}", path]);
        process.WaitForExit();
    }
}
