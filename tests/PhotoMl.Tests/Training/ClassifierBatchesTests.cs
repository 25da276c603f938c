namespace PhotoMl.Tests.Training;

public sealed class ClassifierBatchesTests
{
    private const int Images = 40;

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.25, 1, 15)]
    [InlineData(0.5, 2, 26)]
    [InlineData(1, 4, 40)]
    public void Each_image_is_flipped_in_its_share_of_any_four_epochs(double share, int timesInFour, int mostInOne)
    {
        using var data = Columns(Images);
        var affine = FlipsOf(share, batchSize: 16);
        var photo = affine with { PhotoAugmentation = PhotoAugmentationOptions.None with { Flip = share } };
        foreach (var options in new[] { affine, photo })
        {
            var batches = new ClassifierBatches(data, [.. Enumerable.Range(0, Images)], options);
            var flipped = Enumerable.Range(1, 9).Select(epoch => FlippedIn(batches, epoch)).ToList();

            for (var first = 0; first <= flipped.Count - 4; first++)
            {
                var times = flipped.GetRange(first, 4).SelectMany(images => images).CountBy(image => image).ToDictionary();
                Assert.All(Enumerable.Range(0, Images), image => Assert.Equal(timesInFour, times.GetValueOrDefault(image)));
            }

            Assert.All(flipped, images => Assert.InRange(images.Count, share == 1 ? Images : 0, mostInOne));
            Assert.True(share is 0 or 1 || flipped.TrueForAll(images => images.Count > 2));
        }
    }

    [Theory]
    [InlineData(20, 80)] // twice the images in a batch
    [InlineData(40, 120)]
    [InlineData(40, 24)]
    public void Steps_that_repeat_the_images_flip_each_every_other_time(int images, int batchSize)
    {
        using var data = Columns(images);
        const int Steps = 10;
        var options = FlipsOf(0.5, batchSize);
        var batches = new ClassifierBatches(data, [.. Enumerable.Range(0, images)], options, Steps);

        var times = FlippedIn(batches, 1).Concat(FlippedIn(batches, 2)).CountBy(image => image).ToDictionary();

        var rounds = 2 * Steps * batchSize / images;
        Assert.All(Enumerable.Range(0, images), image => Assert.InRange(times[image], rounds / 2, (rounds + 1) / 2));
    }

    [Theory]
    [InlineData(33, 32, 1)]
    [InlineData(10, 32, 1)]
    [InlineData(64, 32, 2)]
    [InlineData(5000, 32, 32)]
    public void Statistics_are_measured_on_whole_batches(int images, int batchSize, int expected)
    {
        using var data = ImageDataset.FromBytes("images", new byte[images], 1, 1, 1, new long[images], ["one"]);

        var options = FlipsOf(0, batchSize);
        Assert.Equal(expected, new ClassifierBatches(data, [.. Enumerable.Range(0, images)], options).ForStatistics);
    }

    // Image k is black but for a column at its left edge, of brightness k + 1: which image it is and on which side the column lies shows.
    private static ImageDataset Columns(int images)
    {
        var bytes = new byte[images * 28 * 28];
        for (var row = 0; row < images * 28; row++)
        {
            bytes[row * 28] = (byte)((row / 28) + 1);
        }

        return ImageDataset.FromBytes("columns", bytes, 1, 28, 28, [.. Enumerable.Range(0, images).Select(i => i % 2L)], ["even", "odd"]);
    }

    private static ClassifierTrainingOptions FlipsOf(double share, int batchSize) =>
        new() { BatchSize = batchSize, Augmentation = AugmentationOptions.None with { Flip = share } };

    private static List<int> FlippedIn(ClassifierBatches batches, int epoch)
    {
        using var scope = NewDisposeScope();
        return
        [
            .. Enumerable.Range(0, batches.PerEpoch)
                .Select(step => batches.Get(epoch, step).Images[.., 0, 5, 27].mul(255).round().sub(1).to(ScalarType.Int32))
                .SelectMany(columns => columns.data<int>().ToArray())
                .Where(image => image >= 0),
        ];
    }
}
