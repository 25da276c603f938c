namespace PhotoMl.Tests.Imaging;

public sealed class FloatImageTests
{
    // As many as vectors take, fewer and more.
    [Theory]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(37)]
    public void Values_are_rounded_to_nearest_with_ties_to_even_and_cut_to_bytes(int width)
    {
        float[] values = [0.5f, 1.5f, 2.5f, 254.5f, 255.5f, -3, 300, 0.49999997f, 127.4f, 127.6f, 255, 0];
        byte[] expected = [0, 2, 2, 254, 255, 0, 255, 0, 127, 128, 255, 0];
        var image = new FloatImage(width, 1, [.. Enumerable.Range(0, width).Select(i => values[i % values.Length])]);

        Assert.Equal(Enumerable.Range(0, width).Select(i => expected[i % expected.Length]), image.Round());
        Assert.Equal(image.Values.Select(FloatImage.Round), image.Round());
    }
}
