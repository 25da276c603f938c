namespace PhotoMl.Tests.Training;

public sealed class ClassifierBatchesTests
{
    private const int Images = 40;

    // Image k is black but for a column at its left edge, of brightness k + 1: which image it is and on which side the column lies shows.
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.25, 1, 15)]
    [InlineData(0.5, 2, 26)]
    [InlineData(1, 4, 40)]
    public void Each_image_is_flipped_in_its_share_of_any_four_epochs(double share, int timesInFour, int mostInOne)
    {
        using var scope = NewDisposeScope();
        var pixels = zeros(Images, 1, 28, 28, dtype: ScalarType.Byte);
        pixels[.., 0, .., 0] = arange(1, Images + 1, ScalarType.Byte).unsqueeze(1);
        using var data = new ImageDataset("columns", pixels, arange(Images).remainder(2), ["even", "odd"]);
        var affine = new ClassifierTrainingOptions
        {
            BatchSize = 16, Augmentation = AugmentationOptions.None with { Flip = share },
        };
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
