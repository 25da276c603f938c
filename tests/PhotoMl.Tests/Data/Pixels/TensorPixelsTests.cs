namespace PhotoMl.Tests.Data;

public sealed class TensorPixelsTests
{
    [Fact]
    public void Images_are_taken_in_the_order_wished_for()
    {
        using var pixels = Numbered(5);
        using var some = pixels.Take([3L, 0, 3]);
        using var side = pixels.Take(1, 2);

        Assert.Equal([3, 1, 1, 2], some.shape);
        Assert.Equal([6, 7, 0, 1, 6, 7], some.data<byte>().ToArray());
        Assert.Equal([2, 3, 4, 5], side.data<byte>().ToArray());
    }

    [Fact]
    public void A_subset_outlives_what_it_was_made_of()
    {
        PixelStore subset;
        using (var pixels = Numbered(5))
        {
            subset = pixels.Subset([4, 1]);
        }

        using (subset)
        using (var all = subset.Take(0, 2))
        {
            Assert.Equal([8, 9, 2, 3], all.data<byte>().ToArray());
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void An_image_that_is_not_there_is_refused_before_torch_is_asked(long index)
    {
        using var pixels = Numbered(5);

        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take([index]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Subset([0, index]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take((int)index, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take(0, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Take(1, int.MaxValue));
    }

    // Image k has the pixels 2 k and 2 k + 1.
    private static PixelStore Numbered(int count)
    {
        using var labels = zeros(count, dtype: ScalarType.Int64);
        var images = tensor([.. Enumerable.Range(0, 2 * count).Select(value => (byte)value)], [count, 1, 1, 2], ScalarType.Byte);
        using var data = new ImageDataset("numbered", images, labels, ["one"]);
        return data.Pixels.Subset([.. Enumerable.Range(0, count)]);
    }
}
