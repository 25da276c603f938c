namespace PhotoMl.Tests.Data;

public sealed class BuiltInDigitsTests
{
    private const int Size = 28;
    private const int Area = Size * Size;
    private const int BoxSize = 20;

    private static readonly LabelledImages Drawn = BuiltInDigits.Generate(4000, seed: 1);

    private static readonly byte[][] Images = [.. Drawn.Pixels.Chunk(Area)];

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(103)]
    [InlineData(1234)]
    public void Every_class_has_its_equal_share_and_no_image_depends_on_how_many_are_drawn(int count)
    {
        var fewer = BuiltInDigits.Generate(count, seed: 1);

        Assert.Equal(count, fewer.Labels.Length);
        var counts = Enumerable.Range(0, 10).Select(digit => fewer.Labels.Count(label => label == digit));
        Assert.All(counts, number => Assert.InRange(number, count / 10, (count + 9) / 10));
        Assert.True(Drawn.Pixels.AsSpan(0, count * Area).SequenceEqual(fewer.Pixels));
        Assert.True(Drawn.Labels.AsSpan(0, count).SequenceEqual(fewer.Labels));
    }

    [Fact]
    public void The_classes_come_in_mixed_order() =>
        Assert.Equal(100, Drawn.Labels.Zip(Drawn.Labels.Skip(1)).Distinct().Count());

    [Fact]
    public void No_two_images_are_alike_and_another_seed_gives_others()
    {
        var others = BuiltInDigits.Generate(1000, seed: 2).Pixels.Chunk(Area);

        Assert.Equal(5000, Images.Concat(others).Select(Convert.ToBase64String).Distinct().Count());
    }

    [Fact]
    public void The_ink_fits_a_box_of_20_pixels()
    {
        foreach (var image in Images)
        {
            var inked = Enumerable.Range(0, Area).Where(i => image[i] > 0).ToList();
            var width = inked.Max(i => i % Size) - inked.Min(i => i % Size) + 1;
            var height = inked.Max(i => i / Size) - inked.Min(i => i / Size) + 1;
            Assert.InRange(Math.Max(width, height), BoxSize - 2, BoxSize);
        }
    }

    [Fact]
    public void The_center_of_mass_is_the_center_of_the_image()
    {
        // Half a pixel by rounding to whole pixels, and more for the rare digit whose mass lies at the edge of its box.
        var offsets = Images.Select(DistanceFromCenter).ToList();

        Assert.InRange(offsets.Count(offset => offset > 0.75), 0, offsets.Count / 100);
        Assert.InRange(offsets.Max(), 0, 2);

        static double DistanceFromCenter(byte[] image)
        {
            double mass = image.Sum(pixel => pixel);
            var x = image.Select((pixel, i) => pixel * ((i % Size) + 0.5)).Sum() / mass;
            var y = image.Select((pixel, i) => pixel * ((i / Size) + 0.5)).Sum() / mass;
            return Math.Max(Math.Abs(x - (Size / 2)), Math.Abs(y - (Size / 2)));
        }
    }

    [Fact]
    public void Pixels_use_the_whole_range_of_gray()
    {
        var (full, ink) = (Drawn.Pixels.Count(pixel => pixel == 255), Drawn.Pixels.Count(pixel => pixel > 0));

        Assert.Equal(256, Drawn.Pixels.Distinct().Count());
        Assert.InRange((double)ink / Drawn.Pixels.Length, 0.1, 0.3);
        Assert.InRange((double)full / ink, 0.2, 0.8);
    }
}
