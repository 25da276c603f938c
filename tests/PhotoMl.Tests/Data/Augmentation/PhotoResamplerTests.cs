namespace PhotoMl.Tests.Data;

public sealed class PhotoResamplerTests
{
    // Two rows of four pixels.
    private static readonly byte[] Small = [10, 20, 30, 40, 50, 60, 70, 80];

    [Fact]
    public void A_turned_photo_begins_with_the_corner_that_comes_to_lie_there()
    {
        // Seen turned clockwise by 90 degrees the part turns the other way round, so the photo's left column comes to lie on top.
        byte[] square = [1, 2, 3, 4];
        AssertClose([3, 1, 4, 2], Sample(square, 2, 2, 2, 2, Whole(2, 2) with { Angle = -Math.PI / 2 }));
        AssertClose([2, 4, 1, 3], Sample(square, 2, 2, 2, 2, Whole(2, 2) with { Angle = Math.PI / 2 }));
        AssertClose([80, 70, 60, 50, 40, 30, 20, 10], Sample(Small, 2, 4, 2, 4, Whole(2, 4) with { Angle = Math.PI }));
    }

    [Fact]
    public void A_crop_is_its_pixels_or_at_half_the_size_the_mean_of_every_four()
    {
        Assert.Equal([20f, 30, 60, 70], Sample(Small, 2, 4, 2, 2, new PhotoGeometry(2, 1, 2, 2)));
        Assert.Equal([(10 + 20 + 50 + 60) / 4f, (30 + 40 + 70 + 80) / 4f], Sample(Small, 2, 4, 1, 2, Whole(2, 4)));
    }

    [Fact]
    public void A_crop_that_grows_is_interpolated_between_the_middles_of_pixels()
    {
        // The middle two pixels of the first row at twice the width: their middles lie at 1/4 and 3/4 of the new pixels' pairs.
        var grown = Sample(Small, 2, 4, 1, 4, new PhotoGeometry(2, 0.5, 2, 1));

        Assert.Equal([17.5f, 22.5f, 27.5f, 32.5f], grown);
    }

    [Fact]
    public void Outside_of_the_photo_lies_its_edge()
    {
        var wide = Sample(Small, 2, 4, 2, 8, new PhotoGeometry(2, 1, 8, 2));

        Assert.Equal([10f, 10, 10, 20, 30, 40, 40, 40, 50, 50, 50, 60, 70, 80, 80, 80], wide);
    }

    [Fact]
    public void A_pattern_finer_than_the_new_pixels_becomes_gray_and_no_coarse_pattern()
    {
        byte[] stripes = [.. Enumerable.Range(0, 64 * 64).Select(i => (byte)(i % 2 * 255))];
        var shrunk = Sample(stripes, 64, 64, 24, 24, Whole(64, 64)); // 2.67 pixels each

        Assert.All(shrunk, value => Assert.InRange(value, 127.5f - 40, 127.5f + 40));
    }

    private static PhotoGeometry Whole(int height, int width) => new(width / 2.0, height / 2.0, width, height);

    private static float[] Sample(byte[] photo, int height, int width, int newHeight, int newWidth, PhotoGeometry geometry)
    {
        var image = new float[newHeight * newWidth];
        var work = new float[PhotoResampler.WorkLength((height, width))];
        PhotoResampler.Sample(photo, (height, width), image, (newHeight, newWidth), 1, geometry, work);
        return image;
    }

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
}
