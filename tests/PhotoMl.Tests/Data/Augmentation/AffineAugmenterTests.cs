namespace PhotoMl.Tests.Data;

public sealed class AffineAugmenterTests : IDisposable
{
    private const int Size = 29; // an odd size has a middle pixel

    private static readonly AugmentationOptions Still = new() { Shift = 0, Rotation = 0, Scale = 0, Shear = 0 };

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Without_strength_or_without_limits_nothing_changes()
    {
        var images = rand(3, 2, 17, 20).mul(255).round().div(255);

        TensorAssert.Equal(images, Augment(images, AugmentationOptions.None));
        TensorAssert.Close(images, Augment(images, Still), 0, 1e-5);
    }

    [Fact]
    public void A_batch_is_resampled_as_torch_does_it_by_the_same_maps()
    {
        // Of an image of uneven sides.
        var pixels = rand(1, 2, 9, 14).mul(255).round();
        var turned = Enumerable.Range(1, 200).Select(seed => Augment(pixels.div(255), Still with { Rotation = 180 }, seed)).ToList();
        var expectedOnes = Enumerable.Range(1, 200).Select(seed =>
        {
            var angle = new DeterministicRandom(seed).NextDouble(-1, 1) * Math.PI;
            var (sin, cos) = Math.SinCos(angle);
            var theta = tensor(new[] { (float)cos, (float)-sin, 0, (float)sin, (float)cos, 0 }, [1, 2, 3]);
            var grid = nn.functional.affine_grid(theta, pixels.shape);
            return nn.functional.grid_sample(
                pixels.div(255), grid, align_corners: false);
        });

        foreach (var (expected, augmented) in expectedOnes.Zip(turned))
        {
            TensorAssert.Close(expected, augmented, 0, 2e-5);
        }
    }

    [Fact]
    public void A_flip_comes_before_all_else_and_needs_no_strength()
    {
        var images = rand(3, 2, 17, 20).mul(255).round().div(255);

        TensorAssert.Close(images.flip(3), Augment(images, AugmentationOptions.None, isFlipped: true), 0, 1e-5);
        TensorAssert.Close(
            Augment(images.flip(3), new AugmentationOptions()), Augment(images, new AugmentationOptions(), isFlipped: true), 0, 1e-4);
    }

    [Fact]
    public void A_crop_of_a_padded_image_is_the_image_shifted_by_whole_pixels_whatever_the_strength()
    {
        var image = rand(1, 1, 9, 7).mul(255).round().div(255);
        var padded = nn.functional.pad(image, [2, 2, 2, 2]);
        var expected = Enumerable.Range(0, 25).Select(i => padded.narrow(2, i / 5, 9).narrow(3, i % 5, 7)).ToList();
        var seen = new HashSet<int>();
        var crops = Augment(
            image.expand(1000, 1, 9, 7).contiguous(), AugmentationOptions.None with { CropPadding = 2 });
        for (var i = 0; i < 1000; i++)
        {
            var crop = crops.narrow(0, i, 1);
            seen.Add(expected.FindIndex(one => (one - crop).abs().max().item<float>() < 1e-5));
        }

        Assert.Equal(Enumerable.Range(0, 25), seen.Order());
    }

    [Fact]
    public void The_same_stream_gives_the_same_bits_and_another_one_others_and_equal_images_of_a_batch_are_varied_differently()
    {
        var images = rand(1, 1, 28, 28).expand(8, 1, 28, 28).contiguous();
        var varied = Augment(images, new(), 5);

        Assert.Equal(varied.bytes.ToArray(), Augment(images, new(), 5).bytes.ToArray());
        Assert.NotEqual(varied.bytes.ToArray(), Augment(images, new(), 6).bytes.ToArray());
        Assert.Equal(8, Enumerable.Range(0, 8).Select(i => Convert.ToHexString(varied[i].bytes)).Distinct().Count());
    }

    [Fact]
    public void Values_stay_within_zero_and_one()
    {
        var varied = Augment(rand(64, 1, 28, 28).round(), new AugmentationOptions { Strength = 4 });

        Assert.InRange(varied.min().item<float>(), 0, 1);
        Assert.InRange(varied.max().item<float>(), 0, 1 + 1e-6f);
    }

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.05, 2)]
    public void A_shift_moves_a_dot_by_up_to_its_limit_times_the_strength_along_each_axis(double limit, double strength)
    {
        var places = Track(Still with { Shift = limit, Strength = strength }, row: 14, column: 14);
        foreach (var values in new[] { places.Select(place => place.Row), places.Select(place => place.Column) })
        {
            AssertExtremes(values, 14 - (0.1 * Size), 14 + (0.1 * Size), 0.15);
            Assert.InRange(values.Average(), 13.6, 14.4);
        }
    }

    [Fact]
    public void A_rotation_turns_a_dot_about_the_middle_by_up_to_its_limit()
    {
        const double Radius = 10;
        var places = Track(Still with { Rotation = 20 }, row: 14, column: 24);
        var angles = places.Select(place => Math.Atan2(place.Row - 14, place.Column - 14) * 180 / Math.PI).ToList();

        Assert.All(places, place => Assert.InRange(double.Hypot(place.Row - 14, place.Column - 14), Radius - 0.3, Radius + 0.3));
        AssertExtremes(angles, -20, 20, 1.5);
    }

    [Fact]
    public void A_change_of_scale_moves_a_dot_along_its_ray_separately_for_each_axis()
    {
        var places = Track(Still with { Scale = 0.2 }, row: 20, column: 20);

        // A map of 0.8 draws the dot at 6 / 0.8 from the middle, one of 1.2 at 6 / 1.2.
        AssertExtremes(places.Select(place => place.Row - 14), 6 / 1.2, 6 / 0.8, 0.3);
        AssertExtremes(places.Select(place => place.Column - 14), 6 / 1.2, 6 / 0.8, 0.3);
        Assert.Contains(places, place => Math.Abs(place.Row - place.Column) > 1);
    }

    [Fact]
    public void A_shear_moves_rows_sideways_and_never_up_or_down()
    {
        var places = Track(Still with { Shear = 0.3 }, row: 24, column: 14);

        Assert.All(places, place => Assert.InRange(place.Row, 23.8, 24.2));
        AssertExtremes(places.Select(place => place.Column), 14 - (0.3 * 10), 14 + (0.3 * 10), 0.2);
    }

    [Fact]
    public void Nothing_is_left_behind_but_the_result()
    {
        var pixels = rand(4, 1, 28, 28).mul(255).to(ScalarType.Byte);
        var augmenter = new AffineAugmenter(new AugmentationOptions());

        TensorAssert.NoneIsLeftBehind(() => augmenter.Apply(pixels, [true, false, true, false], new DeterministicRandom(1)).Dispose());
    }

    public void Dispose() => _scope.Dispose();

    // Images from 0 to 1 are rounded to bytes.
    private static Tensor Augment(Tensor images, AugmentationOptions options, long seed = 1, bool isFlipped = false) =>
        new AffineAugmenter(options).Apply(
            images.mul(255).round().to(ScalarType.Byte), Enumerable.Repeat(isFlipped, (int)images.shape[0]).ToList(), new(seed));

    // Where a soft dot of 500 images ends up, by its center of mass.
    private static List<(double Row, double Column)> Track(AugmentationOptions options, double row, double column)
    {
        var rows = arange(Size, ScalarType.Float32).reshape(1, 1, Size, 1);
        var columns = arange(Size, ScalarType.Float32).reshape(1, 1, 1, Size);
        var dot = (((rows - row).square() + (columns - column).square()) / -4).exp();
        var varied = Augment(dot.expand(500, 1, Size, Size).contiguous(), options);
        var mass = varied.sum([2, 3]);
        var foundRows = (varied * rows).sum([2, 3]).div(mass).data<float>().ToArray();
        var foundColumns = (varied * columns).sum([2, 3]).div(mass).data<float>().ToArray();
        return [.. foundRows.Zip(foundColumns, (r, c) => ((double)r, (double)c))];
    }

    private static void AssertExtremes(IEnumerable<double> values, double low, double high, double tolerance)
    {
        Assert.InRange(values.Min(), low - tolerance, low + tolerance);
        Assert.InRange(values.Max(), high - tolerance, high + tolerance);
    }
}
