using System.Text.Json;

namespace PhotoMl.Tests.Imaging;

public class ImagePreprocessingTests
{
    [Fact]
    public void It_is_stored_as_readable_JSON()
    {
        const string Expected =
            """{"version":1,"channels":1,"height":28,"width":28,"fit":"center_of_mass","foreground":"light","scale":0.00392156862745098,"mean":[0],"std":[1]}""";
        Assert.Equal(Expected, JsonSerializer.Serialize(ImageFixture.Digits));
    }

    [Fact]
    public void It_comes_back_from_JSON_equal()
    {
        var original = ImagePreprocessing.ForPhotos(3, 64);
        var read = JsonSerializer.Deserialize<ImagePreprocessing>(JsonSerializer.Serialize(original));

        Assert.Equal(original, read);
        Assert.NotEqual(original, original with { Fit = ImageFit.Pad });
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreprocessing { Version = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreprocessing { Channels = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreprocessing { Height = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreprocessing { Width = 5000 });
    }

    [Theory]
    [InlineData("""{"scale":1}""", "a scale of 1.")]
    [InlineData("""{"mean":[0.485,0.456,0.406]}""", "a mean of 0.485, 0.456, 0.406.")]
    [InlineData("""{"std":[0.5]}""", "a std of 0.5.")]
    public void Pixels_that_are_not_plainly_scaled_are_refused(string json, string found)
    {
        var exception = Assert.Throws<ArgumentException>(() => JsonSerializer.Deserialize<ImagePreprocessing>(json));
        Assert.Equal($"Expected pixels scaled by 1/255 but got {found}", exception.Message);
    }
}
