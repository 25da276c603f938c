namespace PhotoMl.Tests.Data;

public sealed class ImageDatasetTests
{
    private static readonly string[] Names = ["zero", "one", "two"];

    [Fact]
    public void Bytes_of_any_number_of_channels_become_a_data_set()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        using var data = ImageDataset.FromBytes("generated", bytes, 3, 1, 2, [2, 0], Names, notice: "made up");

        Assert.Equal([2, 3, 1, 2], data.Images.shape);
        Assert.Equal(bytes, data.Images.bytes.ToArray());
        Assert.Equal([2, 0], data.Labels.data<long>().ToArray());
        Assert.Equal((3, 1, 2, "made up"), (data.Preprocessing.Channels, data.Preprocessing.Height, data.Preprocessing.Width, data.Notice));
        Assert.Equal([1, 0, 1], data.ClassCounts);

        bytes[0] = 99;
        Assert.Equal(1, data.Images.bytes[0]);
    }

    [Theory]
    [InlineData(11, 3, 1, 2)]
    [InlineData(12, 2, 1, 3)]
    [InlineData(12, 3, 0, 2)]
    [InlineData(0, 1, 1, 4097)]
    public void Bytes_that_are_no_such_images_are_refused(int bytes, int channels, int height, int width) =>
        Assert.ThrowsAny<ArgumentException>(
            () => ImageDataset.FromBytes("generated", new byte[bytes], channels, height, width, [2, 0], Names));

    [Fact]
    public void Labels_out_of_range_are_refused_and_leave_no_tensor_behind() => TensorAssert.NoneIsLeftBehind(() =>
        Assert.Throws<ArgumentException>(() => ImageDataset.FromBytes("generated", new byte[2], 1, 1, 1, [0, 3], Names)));

    [Fact]
    public void Images_shrink_to_means_grow_by_interpolation_and_turn_gray_by_luma()
    {
        Assert.Equal([26, 64], Convert([10, 20, 30, 44, 0, 0, 0, 255], (1, 2, 2), (1, 1, 1))); // 26, and 63.75 rounded
        Assert.Equal([0, 25, 75, 100, 0, 25, 75, 100], Convert([0, 100], (1, 1, 2), (1, 2, 4)));
        Assert.Equal([1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4], Convert([1, 2, 3, 4], (1, 1, 2), (3, 1, 2)));
        Assert.Equal([76, 150, 29, 9], Convert([255, 0, 0, 9, 0, 255, 0, 9, 0, 0, 255, 9], (3, 1, 4), (1, 1, 4))); // ITU-R BT.601

        static byte[] Convert(byte[] pixels, (int Channels, int Height, int Width) size, (int Channels, int Height, int Width) newSize)
        {
            long[] labels = [.. new long[pixels.Length / (size.Channels * size.Height * size.Width)]];
            using var data = ImageDataset.FromBytes("small", pixels, size.Channels, size.Height, size.Width, labels, Names);
            using var converted = data.ConvertTo(newSize.Channels, newSize.Height, newSize.Width);
            return converted.Images.bytes.ToArray();
        }
    }

    [Property(MaxTest = 30)]
    public void An_image_is_converted_as_a_picture_on_disk_is_prepared(
        bool isGray, bool toGray, byte height, byte width, byte newHeight, byte newWidth, int seed)
    {
        var (h, w, channels) = (1 + (height % 40), 1 + (width % 40), isGray ? 1 : 3);
        using var data = Random(channels, h, w, count: 2, seed);
        using var converted = data.ConvertTo(toGray ? 1 : 3, 1 + (newHeight % 40), 1 + (newWidth % 40));
        var pixels = data.Images.bytes.ToArray();
        byte[] rgb = [.. Enumerable.Range(0, 3 * h * w).Select(i => pixels[(i % channels * h * w) + (i / 3)])];

        var expected = ImagePreprocessor.Prepare(new DecodedImage(w, h, rgb), converted.Preprocessing).Bytes;
        Assert.Equal(expected, converted.Images.bytes[..expected.Length].ToArray());
    }

    [Fact]
    public void A_copy_without_change_has_the_same_bytes_and_is_independent()
    {
        using var data = Random(channels: 1, height: 28, width: 28, count: 5);
        var before = data.Fingerprint();
        using var copy = data.ConvertTo(1, 28, 28);
        Assert.Equal(before, copy.Fingerprint());

        copy.Images.zero_();
        copy.Labels.zero_();
        Assert.Equal(before, data.Fingerprint());
    }

    [Fact]
    public void A_comma_within_a_class_name_is_not_one_between_two()
    {
        Assert.Equal(3, new[] { Fingerprint("a,b", "c"), Fingerprint("a", "b,c"), Fingerprint(@"a\,b", "c") }.Distinct().Count());

        // As it always was where no name has one, so that older checkpoints go on.
        byte[] hashed = [.. "1,1,1,1;a;b,c;"u8, 7, .. BitConverter.GetBytes(1L)];
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(hashed)), Fingerprint("a;b", "c"));

        static string Fingerprint(params string[] names)
        {
            using var data = ImageDataset.FromBytes("one pixel", [7], 1, 1, 1, [1], names);
            return data.Fingerprint();
        }
    }

    [Fact]
    public void Names_labels_and_the_notice_are_kept()
    {
        var preprocessing = ImageFixture.Digits with { Height = 2, Width = 2 };
        using var data = ImageDataset.FromBytes("small", new byte[12], 1, 2, 2, [2, 0, 1], Names, preprocessing, "a stand-in");
        using var converted = data.ConvertTo(3, 4, 5);

        Assert.Equal((data.Name, data.Notice, 3), (converted.Name, converted.Notice, converted.Count));
        Assert.Equal(data.ClassNames, converted.ClassNames);
        Assert.Equal([2, 0, 1], converted.Labels.data<long>().ToArray());
        Assert.Equal(preprocessing with { Channels = 3, Height = 4, Width = 5 }, converted.Preprocessing);
        Assert.Equal((3, 4, 5), (converted.Channels, converted.Height, converted.Width));
    }

    [Fact]
    public void Every_block_of_a_large_set_is_converted()
    {
        // 64 x 64 x 3 bytes an image: 16 MiB hold 1,365 of them.
        const int Count = 3000;
        byte[] pixels = [.. Enumerable.Range(0, Count * 4).Select(i => (byte)(i / 4))];
        using var data = ImageDataset.FromBytes("large", pixels, 1, 2, 2, new long[Count], Names);
        using var converted = data.ConvertTo(3, 64, 64);
        using var shades = converted.Images.amin([1, 2, 3]);
        using var largest = converted.Images.amax([1, 2, 3]);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (byte)i), shades.bytes.ToArray());
        TensorAssert.Equal(shades, largest);
    }

    [Fact]
    public void A_size_that_no_network_takes_is_refused()
    {
        using var data = Random(channels: 1, height: 2, width: 2, count: 1);
        (int, int, int)[] sizes = [(2, 28, 28), (1, 0, 28), (1, 28, 4097)];
        Assert.All(sizes, size => Assert.Throws<ArgumentOutOfRangeException>(() => data.ConvertTo(size.Item1, size.Item2, size.Item3)));
    }

    [Fact]
    public void Converting_leaves_no_tensor_behind()
    {
        using var data = Random(channels: 3, height: 6, width: 6, count: 4);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            data.ConvertTo(1, 9, 3).Dispose();
            data.ConvertTo(3, 6, 6).Dispose();
        });
    }

    private static ImageDataset Random(int channels, int height, int width, int count, int seed = 1)
    {
        var pixels = new byte[count * channels * height * width];
        new Random(seed).NextBytes(pixels);
        long[] labels = [.. Enumerable.Range(0, count).Select(i => (long)i % 3)];
        return ImageDataset.FromBytes("random", pixels, channels, height, width, labels, Names);
    }
}
