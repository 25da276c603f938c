namespace PhotoMl.Tests.Data;

public sealed class PhotoAugmenterTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Without_any_variation_it_gives_what_prediction_gives(int channels)
    {
        var pixels = Photos(3, channels, 17, 20);

        TensorAssert.Equal(PixelBatch.ToNetworkInput(pixels), Augment(pixels, PhotoAugmentationOptions.None));
    }

    [Fact]
    public void Flipped_photos_are_mirrored_and_the_others_as_they_are()
    {
        var pixels = Photos(2, 3, 17, 20);
        var expected = PixelBatch.ToNetworkInput(cat([pixels[..1].flip(3), pixels[1..]], 0));

        TensorAssert.Equal(
            expected, new PhotoAugmenter(PhotoAugmentationOptions.None).Apply(pixels, [true, false], new DeterministicRandom(1)));
    }

    [Theory]
    [InlineData(12, 9, 12)]
    [InlineData(24, 18, 24)]
    [InlineData(30, 22, 30)]
    public void The_training_size_is_that_of_the_longer_side(int size, int height, int width)
    {
        var varied = Augment(Photos(2, 3, 18, 24), PhotoAugmentationOptions.None with { TrainImageSize = size });

        Assert.Equal([2, 3, height, width], varied.shape);
    }

    [Fact]
    public void Half_the_training_size_is_the_mean_of_every_four_pixels()
    {
        var pixels = Photos(2, 3, 16, 16);
        var expected = nn.functional.avg_pool2d(PixelBatch.ToNetworkInput(pixels), 2);

        TensorAssert.Close(expected, Augment(pixels, PhotoAugmentationOptions.None with { TrainImageSize = 8 }), 0, 1e-6);
    }

    [Fact]
    public void Crops_show_shares_of_the_photo_within_the_limits()
    {
        // On a photo whose red grows to the right and whose green grows downwards the slopes show how much is seen.
        var rows = linspace(0, 255, 128).reshape(1, 1, 128, 1).expand(1, 1, 128, 128);
        var photo = cat([rows.transpose(2, 3), rows, zeros_like(rows)], 1).round().to(ScalarType.Byte);
        var pixels = photo.expand(300, 3, 128, 128).contiguous();
        var varied = Augment(pixels, PhotoAugmentationOptions.None with { CropArea = 0.35 }) * 255;
        var widths = (varied[.., 0, 64, 120] - varied[.., 0, 64, 8]).div(112 * 255f / 127).data<float>().ToArray();
        var heights = (varied[.., 1, 120, 64] - varied[.., 1, 8, 64]).div(112 * 255f / 127).data<float>().ToArray();
        var areas = widths.Zip(heights, (width, height) => width * height).ToList();
        var aspects = widths.Zip(heights, (width, height) => width / height).ToList();

        Assert.InRange(areas.Min(), 0.33, 0.42);
        Assert.InRange(areas.Max(), 0.9, 1.02);
        Assert.InRange(aspects.Min(), 0.73, 0.85);
        Assert.InRange(aspects.Max(), 1.18, 1.36);
        Assert.InRange(varied[.., 0, 64, 64].mean().item<float>(), 117, 138); // crops lie anywhere, in the mean in the middle
    }

    [Fact]
    public void Erased_rectangles_are_noise_within_the_limits_and_as_frequent_as_asked_for()
    {
        var pixels = zeros([400, 1, 32, 32], ScalarType.Byte);
        var varied = Augment(pixels, PhotoAugmentationOptions.None with { Erasing = 0.25, ErasedArea = 0.2 });
        var shares = varied.gt(0).to(ScalarType.Float32).mean([1, 2, 3]).data<float>().ToArray();
        var erased = shares.Where(share => share > 0).ToList();

        Assert.InRange(erased.Count, 70, 130);
        Assert.InRange(erased.Min(), 0.01, 0.05);
        Assert.InRange(erased.Max(), 0.17, 0.23);
        var noise = varied.masked_select(varied.gt(0));
        Assert.InRange(noise.mean().item<float>(), 0.48, 0.52);
        Assert.InRange(noise.max().item<float>(), 0.99, 1);
    }

    [Fact]
    public void Everything_at_once_stays_within_zero_and_one()
    {
        var wild = new PhotoAugmentationOptions
        {
            CropArea = 0.01, Aspect = 4, Rotation = 180, Brightness = 1, Contrast = 1, Saturation = 1, Hue = 0.5, Erasing = 1,
            ErasedArea = 0.9, TrainImageSize = 20,
        };
        var varied = Augment(Photos(64, 3, 31, 18), wild);

        Assert.Equal([64, 3, 20, 12], varied.shape);
        Assert.InRange(varied.min().item<float>(), 0, 1);
        Assert.InRange(varied.max().item<float>(), 0, 1);
    }

    [Fact]
    public void The_same_stream_gives_the_same_bits_with_any_number_of_threads_and_another_one_others()
    {
        var pixels = Photos(1, 3, 40, 40).expand(8, 3, 40, 40).contiguous();
        var before = pixels.bytes.ToArray();
        var varied = Augment(pixels, new(), 5);
        Assert.Equal(before, pixels.bytes.ToArray());
        Assert.NotEqual(varied.bytes.ToArray(), Augment(pixels, new(), 6).bytes.ToArray());
        Assert.Equal(8, Enumerable.Range(0, 8).Select(i => Convert.ToHexString(varied[i].bytes)).Distinct().Count());
        using (new TorchThreads(1))
        {
            Assert.Equal(varied.bytes.ToArray(), Augment(pixels, new(), 5).bytes.ToArray());
        }
    }

    [Fact]
    public void Turning_one_variation_off_leaves_the_others_as_they_are()
    {
        var pixels = Photos(8, 3, 40, 40);
        var plain = new PhotoAugmentationOptions { Erasing = 0, Brightness = 0, Contrast = 0, Saturation = 0, Hue = 0 };
        var erased = Augment(pixels, plain with { Erasing = 1 });
        var kept = erased.eq(Augment(pixels, plain)).to(ScalarType.Float32).mean().item<float>();

        Assert.InRange(kept, 0.6, 0.95);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PhotoAugmentationOptions { CropArea = 0.001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PhotoAugmentationOptions { Aspect = 0.9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PhotoAugmentationOptions { Flip = 1.1 });
    }

    [Fact]
    public void Nothing_is_left_behind_but_the_result()
    {
        var pixels = Photos(4, 3, 28, 28);

        TensorAssert.NoneIsLeftBehind(() => Augment(pixels, new()).Dispose());
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Augment(Tensor pixels, PhotoAugmentationOptions options, long seed = 1) =>
        new PhotoAugmenter(options).Apply(pixels, new bool[pixels.shape[0]], new DeterministicRandom(seed));

    private static Tensor Photos(int count, int channels, int height, int width)
    {
        var bytes = new byte[count * channels * height * width];
        new Random(7).NextBytes(bytes);
        return tensor(bytes, [count, channels, height, width], ScalarType.Byte);
    }
}
