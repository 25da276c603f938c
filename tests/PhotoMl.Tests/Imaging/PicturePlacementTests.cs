namespace PhotoMl.Tests.Imaging;

public sealed class PicturePlacementTests
{
    [Fact]
    public void A_stretched_picture_fills_the_input_and_a_padded_one_lies_in_the_middle()
    {
        var picture = ImageFixture.Grey(200, 100, (x, _) => (byte)x);

        Assert.Equal(new PicturePlacement(0, 0, 28, 28), ImagePreprocessor.Prepare(picture, new ImagePreprocessing()).Placement);
        Assert.Equal(new PicturePlacement(0, 7, 28, 14), ImagePreprocessor.Prepare(picture, ImageFixture.Fashion).Placement);
        Assert.Equal((14.0, 10.5), new PicturePlacement(0, 7, 28, 14).Find(0.5, 0.25));
        var exact = ImageFixture.Grey(28, 28, (x, _) => (byte)x);
        Assert.Equal(new PicturePlacement(0, 0, 28, 28), ImagePreprocessor.Prepare(exact, ImageFixture.Digits).Placement);
    }

    [Theory]
    [InlineData(14, 300, 200)]
    [InlineData(3, 300, 200)] // thickened
    [InlineData(80, 2000, 900)] // reduced first
    public void The_box_of_a_figure_lies_where_its_ink_came_to_lie(int pen, int width, int height)
    {
        var (left, top, bottom) = (width * 2 / 3, height / 10, height * 6 / 10);
        var picture = ImageFixture.Grey(width, height, (x, y) => (byte)(x >= left && x < left + pen && y >= top && y < bottom ? 10 : 245));
        var prepared = ImagePreprocessor.Prepare(picture, ImageFixture.Digits);
        var rows = Enumerable.Range(0, 28).Where(y => Enumerable.Range(0, 28).Any(x => prepared.Bytes[(28 * y) + x] > 127)).ToArray();
        var columns = Enumerable.Range(0, 28).Where(x => Enumerable.Range(0, 28).Any(y => prepared.Bytes[(28 * y) + x] > 127)).ToArray();
        var (boxLeft, boxTop) = prepared.Placement.Find((double)left / width, (double)top / height);
        var (boxRight, boxBottom) = prepared.Placement.Find((double)(left + pen) / width, (double)bottom / height);

        Assert.Equal(rows[0], boxTop, 1.0);
        Assert.Equal(rows[^1] + 1, boxBottom, 1.0);
        Assert.Equal((columns[0] + columns[^1] + 1) / 2.0, (boxLeft + boxRight) / 2, 0.6);
    }

    [Fact]
    public void A_blank_picture_has_no_figure_and_lies_nowhere() =>
        Assert.Equal(0, ImagePreprocessor.Prepare(ImageFixture.Grey(90, 90, (_, _) => 200), ImageFixture.Digits).Placement.Width);
}
