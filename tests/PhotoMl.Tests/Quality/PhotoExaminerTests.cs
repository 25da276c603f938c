using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Quality;
using PhotoMl.Tests.Imaging;

namespace PhotoMl.Tests.Quality;

public sealed class PhotoExaminerTests
{
    [Fact]
    public void Brightness_contrast_and_the_shares_are_those_of_the_pixels()
    {
        // 3 of 10 columns black, 5 white, 2 grey.
        var measures = Measure(ImageFixture.Grey(10, 4, (x, _) => x < 3 ? (byte)0 : x < 8 ? (byte)255 : (byte)100));

        Assert.Equal(((5 * 255) + 200) / 2550.0, measures.Brightness, 6);
        Assert.Equal(Math.Sqrt((((5 * 255.0 * 255) + 20_000) / 10) - (147.5 * 147.5)) / 255, measures.Contrast, 6);
        Assert.Equal(0.3, measures.BlackShare, 6);
        Assert.Equal(0.5, measures.WhiteShare, 6);
    }

    [Fact]
    public void The_laplacian_of_a_single_point_is_what_is_computed_by_hand()
    {
        // 3 x 3 leaves one place, whose variance is none; in 4 x 3 two: -4 x 10 and 10.
        Assert.Equal(0, Measure(ImageFixture.Grey(3, 3, (x, y) => x == 1 && y == 1 ? (byte)10 : (byte)0)).Sharpness);
        Assert.Equal(25 * 25, Measure(ImageFixture.Grey(4, 3, (x, y) => x == 1 && y == 1 ? (byte)10 : (byte)0)).Sharpness, 6);
    }

    [Fact]
    public void A_sharp_subject_before_a_soft_ground_is_as_sharp_as_a_sharp_photo_and_the_size_hardly_counts()
    {
        static byte Board(double x, double y) => ((int)(x * 32) + (int)(y * 32)) % 2 == 0 ? (byte)40 : (byte)200;
        var sharp = Measure(ImageFixture.Grey(256, 256, (x, y) => Board(x / 256.0, y / 256.0))).Sharpness;
        var subject = Measure(ImageFixture.Grey(256, 256, (x, y) => x is > 80 and < 180 && y is > 80 and < 180 ? Board(x / 256.0, y / 256.0) : (byte)120)).Sharpness;
        var medium = Measure(ImageFixture.Grey(600, 600, (x, y) => Board(x / 600.0, y / 600.0))).Sharpness;
        var large = Measure(ImageFixture.Grey(2048, 2048, (x, y) => Board(x / 2048.0, y / 2048.0))).Sharpness;
        var soft = Measure(ImageFixture.Grey(256, 256, (x, y) => (byte)(120 + (80 * Math.Sin(x / 12.0) * Math.Sin(y / 12.0))))).Sharpness;

        Assert.InRange(subject / sharp, 0.8, 1.5);
        Assert.InRange(large / medium, 0.5, 2);
        Assert.InRange(soft / sharp, 0, 0.01);
    }

    [Fact]
    public void The_hash_of_a_wave_has_the_bit_of_its_frequency()
    {
        // One full cosine of frequency 1 in x, which is the second frequency in the order (0, 1), (1, 0), (0, 2), ...
        var plane = new FloatImage(32, 32);
        for (var i = 0; i < 1024; i++)
        {
            plane.Values[i] = 100 + (50 * (float)Math.Cos(Math.PI * ((i % 32) + 0.5) / 32));
        }

        Assert.Equal(UInt128.One, PerceptualHash.Of(plane) >> 126 & 1);
        Array.ForEach(Enumerable.Range(0, 1024).ToArray(), i => plane.Values[i] = 200 - plane.Values[i]);
        Assert.Equal(UInt128.Zero, PerceptualHash.Of(plane) >> 126 & 1);
        Assert.Equal(3, PerceptualHash.Distance(new UInt128(0b101, 1), 0));
    }

    [Fact]
    public void The_hash_is_nearly_the_same_in_another_size_and_far_from_another_pictures()
    {
        var hash = Hash(1, 400, 300);

        Assert.InRange(PerceptualHash.Distance(hash, Hash(1, 200, 150)), 0, 6);
        Assert.InRange(PerceptualHash.Distance(hash, Hash(2, 400, 300)), 40, 88);

        static UInt128 Hash(int number, int width, int height) => Measure(Scenes.Picture(number, width, height)).Hash!.Value;
    }

    private static PhotoInfo Measure(DecodedImage image) => PhotoExaminer.Measure(new PhotoInfo { Path = "a.png", Class = "a", Split = DatasetSplits.Train }, image);
}
