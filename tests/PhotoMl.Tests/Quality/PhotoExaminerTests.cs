using Xunit.Abstractions;

namespace PhotoMl.Tests.Quality;

public sealed class PhotoExaminerTests(ITestOutputHelper output)
{
    [Fact]
    public void Brightness_contrast_and_the_shares_are_those_of_the_pixels()
    {
        // 3 of 10 columns black, 5 white, 2 grey.
        var measures = Measure(10, 4, (x, _) => x < 3 ? (byte)0 : x < 8 ? (byte)255 : (byte)100);

        Assert.Equal(((5 * 255) + 200) / 2550.0, measures.Brightness, 6);
        Assert.Equal(Math.Sqrt((((5 * 255.0 * 255) + 20_000) / 10) - (147.5 * 147.5)) / 255, measures.Contrast, 6);
        Assert.Equal(0.3, measures.BlackShare, 6);
        Assert.Equal(0.5, measures.WhiteShare, 6);
    }

    [Fact]
    public void The_laplacian_of_a_single_point_is_what_is_computed_by_hand()
    {
        // 3 x 3 leaves one place, whose variance is none; in 4 x 3 two: -4 x 10 and 10.
        Assert.Equal(0, Measure(3, 3, (x, y) => x == 1 && y == 1 ? (byte)10 : (byte)0).Sharpness);
        Assert.Equal(25 * 25, Measure(4, 3, (x, y) => x == 1 && y == 1 ? (byte)10 : (byte)0).Sharpness, 6);
    }

    [Fact]
    public void A_sharp_subject_before_a_soft_background_is_as_sharp_as_a_sharp_photo_and_the_size_hardly_counts()
    {
        static byte Board(int x, int y, double side) => ((int)(x / side * 32) + (int)(y / side * 32)) % 2 == 0 ? (byte)40 : (byte)200;
        var sharp = Measure(256, 256, (x, y) => Board(x, y, 256)).Sharpness;
        var subject = Measure(256, 256, (x, y) => x is > 80 and < 180 && y is > 80 and < 180 ? Board(x, y, 256) : (byte)120).Sharpness;
        var medium = Measure(600, 600, (x, y) => Board(x, y, 600)).Sharpness;
        var large = Measure(2048, 2048, (x, y) => Board(x, y, 2048)).Sharpness;
        var soft = Measure(256, 256, (x, y) => (byte)(120 + (80 * Math.Sin(x / 12.0) * Math.Sin(y / 12.0)))).Sharpness;

        Assert.InRange(subject / sharp, 0.8, 1.5);
        Assert.InRange(large / medium, 0.5, 2);
        Assert.InRange(soft / sharp, 0, 0.01);
    }

    [Fact]
    public void The_hash_of_a_wave_has_the_bit_of_its_frequency()
    {
        // One full cosine of frequency 1 in x, which is the second frequency in the order (0, 1), (1, 0), (0, 2), ...
        float[] wave = [.. Enumerable.Range(0, 1024).Select(i => 100 + (50 * (float)Math.Cos(Math.PI * ((i % 32) + 0.5) / 32)))];

        Assert.Equal(UInt128.One, PerceptualHash.Of(new FloatImage(32, 32, wave)).Coarse >> 126 & 1);
        Assert.Equal(UInt128.Zero, PerceptualHash.Of(new FloatImage(32, 32, [.. wave.Select(value => 200 - value)])).Coarse >> 126 & 1);
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

    [Fact]
    public void Every_pair_of_hashes_within_the_limit_is_found_once_and_no_other()
    {
        var random = new DeterministicRandom(1, 1);
        UInt128?[] hashes = [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? (UInt128?)null : random.NextUInt64() & 0xFF)];
        var found = new List<(int, int, int)>();
        PerceptualHash.ForEachPair(hashes, 2, (first, second, bits) => found.Add((first, second, bits)));

        var expected =
            from first in Enumerable.Range(0, 200)
            from second in Enumerable.Range(0, first)
            where hashes[first] is not null && hashes[second] is not null
            let bits = PerceptualHash.Distance(hashes[first]!.Value, hashes[second]!.Value)
            where bits <= 2
            select (first, second, bits);
        Assert.Equal(expected, found.Order());
        Assert.ThrowsAny<OperationCanceledException>(
            () => PerceptualHash.ForEachPair(hashes, 2, (_, _, _) => { }, new CancellationToken(canceled: true)));
    }

    [SlowFact]
    public void Fifty_thousand_photos_take_seconds()
    {
        var random = new DeterministicRandom(1, 1);
        UInt128?[] hashes = [.. Enumerable.Range(0, 50_000).Select(_ => (UInt128?)new UInt128(random.NextUInt64(), random.NextUInt64()))];
        var clock = Stopwatch.StartNew();
        PerceptualHash.ForEachPair(hashes, 16, (_, _, _) => { });

        output.WriteLine($"{clock.Elapsed.TotalSeconds:F2} s");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    private static PhotoInfo Measure(int width, int height, Func<int, int, byte> pixel) => Measure(ImageFixture.Grey(width, height, pixel));

    private static PhotoInfo Measure(DecodedImage image) =>
        PhotoExaminer.Measure(new PhotoInfo { Path = "a.png", Class = "a", Split = DatasetSplits.Train }, image);
}
