namespace PhotoMl.Tests.Data;

public sealed class BuiltInDigitsTests
{
    private const int Size = 28;
    private const int Area = Size * Size;
    private const int BoxSize = 20;

    private static readonly LabelledImages s_digits = BuiltInDigits.Generate(4000, seed: 1);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(1234)]
    public void Every_class_has_its_equal_share_up_to_the_remainder(int count)
    {
        var labels = BuiltInDigits.Generate(count, seed: 3).Labels;

        Assert.Equal(count, labels.Length);
        for (var digit = 0; digit < 10; digit++)
        {
            Assert.InRange(labels.Count(label => label == digit), count / 10, (count + 9) / 10);
        }
    }

    [Fact]
    public void The_classes_come_in_mixed_order()
    {
        var successors = s_digits.Labels.Zip(s_digits.Labels.Skip(1)).Distinct().Count();

        Assert.Equal(100, successors);
    }

    [Fact]
    public void The_same_seed_twice_gives_the_same_bytes()
    {
        var again = BuiltInDigits.Generate(4000, seed: 1);

        Assert.True(s_digits.Pixels.AsSpan().SequenceEqual(again.Pixels));
        Assert.True(s_digits.Labels.AsSpan().SequenceEqual(again.Labels));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(103)]
    [InlineData(999)]
    public void An_image_does_not_depend_on_how_many_are_drawn(int count)
    {
        var fewer = BuiltInDigits.Generate(count, seed: 1);

        Assert.True(s_digits.Pixels.AsSpan(0, count * Area).SequenceEqual(fewer.Pixels));
        Assert.True(s_digits.Labels.AsSpan(0, count).SequenceEqual(fewer.Labels));
    }

    [Fact]
    public void Another_seed_gives_other_images()
    {
        var images = AllImages(s_digits).ToHashSet();

        Assert.DoesNotContain(AllImages(BuiltInDigits.Generate(1000, seed: 2)), images.Contains);
    }

    [Fact]
    public void No_two_images_are_alike()
    {
        var images = AllImages(s_digits).ToList();

        Assert.Equal(images.Count, images.Distinct().Count());
    }

    [Fact]
    public void The_ink_fits_a_box_of_20_pixels()
    {
        for (var k = 0; k < s_digits.Labels.Length; k++)
        {
            var inked = Enumerable.Range(0, Area).Where(i => Image(k)[i] > 0).ToList();
            var width = inked.Max(i => i % Size) - inked.Min(i => i % Size) + 1;
            var height = inked.Max(i => i / Size) - inked.Min(i => i / Size) + 1;

            Assert.InRange(Math.Max(width, height), BoxSize - 2, BoxSize);
        }
    }

    [Fact]
    public void The_centre_of_mass_is_the_centre_of_the_image()
    {
        // Half a pixel by rounding to whole pixels, and more for the rare digit whose mass lies at the edge of its box.
        var offsets = Enumerable.Range(0, s_digits.Labels.Length).Select(k => DistanceFromCentre(Image(k))).ToList();

        Assert.True(offsets.Count(offset => offset > 0.75) < offsets.Count / 100);
        Assert.True(offsets.Max() < 2, $"An image is {offsets.Max():F2} pixels off.");
    }

    [Fact]
    public void Pixels_use_the_whole_range_of_grey()
    {
        var full = s_digits.Pixels.Count(pixel => pixel == 255);
        var ink = s_digits.Pixels.Count(pixel => pixel > 0);

        Assert.Equal(256, s_digits.Pixels.Distinct().Count());
        Assert.InRange((double)ink / s_digits.Pixels.Length, 0.1, 0.3);
        Assert.InRange((double)full / ink, 0.2, 0.8);
    }

    [Fact]
    public void A_negative_count_is_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => BuiltInDigits.Generate(-1, seed: 1));

        Assert.Equal(-1, error.ActualValue);
    }

    private static ReadOnlySpan<byte> Image(int k) => s_digits.Pixels.AsSpan(k * Area, Area);

    private static IEnumerable<string> AllImages(LabelledImages digits) => digits.Pixels.Chunk(Area).Select(Convert.ToBase64String);

    private static double DistanceFromCentre(ReadOnlySpan<byte> image)
    {
        var (mass, x, y) = (0.0, 0.0, 0.0);
        for (var i = 0; i < Area; i++)
        {
            mass += image[i];
            x += image[i] * ((i % Size) + 0.5);
            y += image[i] * ((i / Size) + 0.5);
        }

        return Math.Max(Math.Abs((x / mass) - (Size / 2)), Math.Abs((y / mass) - (Size / 2)));
    }
}
