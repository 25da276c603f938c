namespace PhotoMl.Tests.Training;

public sealed class EpochOrderTests
{
    // Images 10 to 19 of the first class, 20 to 23 of another, 30 of a third: 15 images, 5 a class.
    private static readonly long[] Indices = [.. Enumerable.Range(10, 14).Select(index => (long)index), 30];
    private static readonly long[] Labels = [.. Enumerable.Range(10, 14).Select(index => index < 20 ? 4L : 7), 0];

    [Fact]
    public void Every_epoch_draws_as_many_images_as_there_are_and_each_class_equally_often()
    {
        var order = new EpochOrder(Indices, seed: 1, Labels);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var drawn = order.Take(epoch, 0, order.Count);

            Assert.Equal(15, drawn.Length);
            Assert.Equal(5, drawn.Count(index => index is >= 10 and < 20));
            Assert.Equal(5, drawn.Count(index => index is >= 20 and < 24));
            Assert.Equal(5, drawn.Count(index => index == 30));
        }
    }

    [Fact]
    public void The_images_of_a_class_are_seen_equally_often_in_the_long_run()
    {
        var order = new EpochOrder(Indices, seed: 1, Labels);
        var drawn = Enumerable.Range(1, 4).SelectMany(epoch => order.Take(epoch, 0, order.Count)).ToLookup(index => index);

        // Four epochs draw 20 of each class: ten images twice, four five times, one twenty times.
        Assert.All(drawn, image => Assert.Equal(image.Key == 30 ? 20 : image.Key < 20 ? 2 : 5, image.Count()));
    }

    [Fact]
    public void Within_an_epoch_a_frequent_class_repeats_no_image()
    {
        var order = new EpochOrder(Indices, seed: 3, Labels);

        Assert.Equal(5, order.Take(1, 0, order.Count).Where(index => index < 20).Distinct().Count());
    }

    [Fact]
    public void Where_the_classes_do_not_divide_the_images_the_shares_differ_by_one_and_even_out()
    {
        var order = new EpochOrder([1, 2, 3, 4], seed: 1, [0, 0, 1, 2]);
        var epochs = Enumerable.Range(1, 3).Select(epoch => order.Take(epoch, 0, 4)).ToArray();

        Assert.All(epochs, drawn => Assert.All(Classes(drawn), count => Assert.InRange(count, 1, 2)));
        Assert.Equal([4, 4, 4], Classes([.. epochs.SelectMany(drawn => drawn)]));

        static int[] Classes(long[] drawn) => [drawn.Count(i => i < 3), drawn.Count(i => i == 3), drawn.Count(i => i == 4)];
    }

    [Fact]
    public void Any_part_of_any_epoch_is_known_from_the_seed_alone()
    {
        var whole = new EpochOrder(Indices, seed: 1, Labels);
        var epochs = Enumerable.Range(1, 5).Select(epoch => whole.Take(epoch, 0, 15)).ToArray();
        var resumed = new EpochOrder(Indices, seed: 1, Labels);

        Assert.Equal(epochs[3][7..12], resumed.Take(4, 7, 12));
        Assert.Equal(epochs[1][..3], resumed.Take(2, 0, 3));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[0], new EpochOrder(Indices, seed: 2, Labels).Take(1, 0, 15));
    }
}
