using PhotoMl.Data;

namespace PhotoMl.Tests.Data;

public sealed class PhotoPartitionTests
{
    [Fact]
    public void A_collection_that_says_what_is_for_what_is_believed()
    {
        var partition = PhotoPartition.Of(Photos(PhotoSplit.Train, PhotoSplit.Test, PhotoSplit.Validation, PhotoSplit.Train), 0.5, 1);

        Assert.True(partition.IsValidationGiven);
        Assert.Equal([0, 3], partition.Train);
        Assert.Equal([2], partition.Validation);
        Assert.Equal([1], partition.Test);
    }

    [Theory]
    [InlineData(PhotoSplit.Unassigned)]
    [InlineData(PhotoSplit.Train)]
    public void Without_validation_photos_a_share_of_the_others_is_set_aside_and_the_test_photos_stay(PhotoSplit split)
    {
        var photos = Photos([PhotoSplit.Test, .. Enumerable.Repeat(split, 20)]);
        int[] groups = [0, .. Enumerable.Range(0, 20).Select(i => i / 2)];
        var partition = PhotoPartition.Of(photos, 0.2, 1, groups);

        Assert.False(partition.IsValidationGiven);
        Assert.Equal([0], partition.Test);
        Assert.Equal(4, partition.Validation.Length);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), partition.Train.Concat(partition.Validation).Order());
        Assert.Equal(2, partition.Validation.Select(i => groups[i]).Distinct().Count());
    }

    [Fact]
    public void What_is_not_usable_is_on_no_side()
    {
        var partition = PhotoPartition.Of(Photos([.. Enumerable.Repeat(PhotoSplit.Unassigned, 20)]), 0.5, 1, groups: null, index => index >= 10);

        Assert.Equal(Enumerable.Range(10, 10).Select(i => (long)i), partition.Train.Concat(partition.Validation).Order());
    }

    private static PhotoEntry[] Photos(params PhotoSplit[] splits) => [.. splits.Select((split, i) => new PhotoEntry($"{i}.jpg", 0, split))];
}
