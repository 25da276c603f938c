namespace PhotoMl.Tests.Quality;

public sealed class PictureFrameTests
{
    [Fact]
    public void The_frame_is_the_outer_two_of_twelve_pixels_and_nothing_within()
    {
        // A white frame of 20 of 120 pixels around black.
        var frame = PictureFrame.Of(ImageFixture.Grey(120, 120, (x, y) => IsOuter(x, y) ? (byte)255 : (byte)0));
        var other = PictureFrame.Of(ImageFixture.Grey(120, 120, (x, y) => IsOuter(x, y) ? (byte)0 : (byte)255));

        Assert.Equal(240, PictureFrame.Length);
        Assert.Equal(PictureFrame.Length, frame.Length);
        Assert.All(frame, value => Assert.InRange(value, 200, 255)); // the filter that reduces reaches a little further
        Assert.All(other, value => Assert.InRange(value, 0, 55));

        static bool IsOuter(int x, int y) => Math.Min(x, y) < 20 || Math.Max(x, y) >= 100;
    }
}
