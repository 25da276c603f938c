using PhotoMl.Data;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Data;

public sealed class MappedPixelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_taken_in_the_order_wished_for()
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
    public void An_image_that_is_not_there_is_refused_before_memory_is_touched(long index)
    {
        using var pixels = Numbered(5, 0, 1, 2, 3, 4);

        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take([index]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Subset([0, index]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take((int)index, 1));
        Assert.Throws<ArgumentException>(() => Numbered(5, 0, (int)index));
    }

    [LinuxFact]
    public void A_file_that_was_shortened_is_named_instead_of_ending_the_process()
    {
        using var pixels = Numbered(20_000, 0, 19_999);
        Truncate(_folder.File("pixels"), 100);

        var exception = Assert.Throws<InvalidDatasetException>(() => pixels.Take([1L]));
        Assert.Equal($"{_folder.File("pixels")}: expected 40003 bytes, as there were when it was opened, but found 100; another program has shortened it.", exception.Message);
    }

    [LinuxFact]
    public void A_file_that_was_deleted_stays_readable()
    {
        using var pixels = Numbered(5, 0, 1, 2, 3, 4);
        File.Delete(_folder.File("pixels"));
        using var last = pixels.Take([4L]);

        Assert.Equal([8, 9], last.data<byte>().ToArray());
    }

    [LinuxFact]
    public void Memory_stays_bounded_while_a_large_file_is_read()
    {
        const int Megabytes = 512;
        using (var file = new FileStream(_folder.File("pixels"), FileMode.Create))
        {
            file.SetLength((long)Megabytes << 20);
        }

        using var pixels = Open(Enumerable.Range(0, Megabytes).ToArray(), offset: 0, height: 1024, width: 1024);
        var highest = 0L;
        for (var i = 0; i < Megabytes; i++)
        {
            pixels.Take([(long)i]).Dispose();
            highest = Math.Max(highest, MappedKilobytes());
        }

        Assert.InRange(highest, 0, 96 << 10);

        // The resident pages of files, whatever else other tests allocate.
        long MappedKilobytes()
        {
            var lines = File.ReadLines("/proc/self/smaps").SkipWhile(line => !line.EndsWith(_folder.File("pixels"), StringComparison.Ordinal));
            return long.Parse(lines.First(line => line.StartsWith("Rss:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        }
    }

    // Row k has the pixels 2 k and 2 k + 1, after three bytes of something else.
    private MappedPixels Numbered(int rows, params int[] taken)
    {
        File.WriteAllBytes(_folder.File("pixels"), [99, 99, 99, .. Enumerable.Range(0, 2 * rows).Select(value => (byte)value)]);
        return Open(taken, offset: 3, height: 1, width: 2);
    }

    private MappedPixels Open(int[] rows, long offset, int height, int width)
    {
        PhotoMl.Runtime.NativeLibraries.EnsureLoaded();
        var file = MappedFile.Open(_folder.File("pixels"));
        try
        {
            return new MappedPixels(file, offset, rows, 1, height, width);
        }
        finally
        {
            file.Release();
        }
    }

    // As a program does that asks for no locks.
    private static void Truncate(string path, long length)
    {
        using var process = System.Diagnostics.Process.Start("truncate", ["-s", $"{length}", path]);
        process.WaitForExit();
    }
}
