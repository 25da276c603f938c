namespace PhotoMl.Tests.Training;

public sealed class GanBatchesTests
{
    private static readonly DcganOptions Conditional = new() { Latent = 8, Classes = 4 };

    [Fact]
    public void Every_image_is_seen_once_an_epoch_with_its_own_label_and_in_a_new_order()
    {
        using var data = SyntheticImages.Create(40);
        var batches = new GanBatches(data, Conditional, GanRuns.Options);
        var expected = Keys(data.Images, data.Labels);
        var epochs = Enumerable.Range(1, 3).Select(epoch => Epoch(batches, epoch)).ToList();

        Assert.Equal(40, expected.Distinct().Count());
        Assert.All(epochs, epoch => Assert.Equal(expected.Order(StringComparer.Ordinal), epoch.Order(StringComparer.Ordinal)));
        Assert.Equal(4, epochs.Append(expected).DistinctBy(order => string.Concat(order)).Count());
    }

    [Theory]
    [InlineData(40, 16, "13 13 14")]
    [InlineData(40, 20, "20 20")]
    [InlineData(41, 20, "13 14 14")]
    [InlineData(40, 64, "40")]
    [InlineData(2, 2, "2")]
    [InlineData(7, 2, "2 2 3")] // never 1: its batch would have no variance
    [InlineData(3, 2, "3")]
    public void Batches_differ_by_one_image_at_most_and_have_two_at_least(int images, int batchSize, string sizes)
    {
        using var data = SyntheticImages.Create(images);
        var batches = new GanBatches(data, GanRuns.Network, GanRuns.Options with { BatchSize = batchSize });

        Assert.Equal(sizes, string.Join(' ', Enumerable.Range(0, batches.PerEpoch).Select(step => Get(batches, 1, step).Images).Order()));
    }

    [Fact]
    public void A_batch_depends_on_seed_and_position_alone()
    {
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(40);
        var batches = new GanBatches(data, Conditional, GanRuns.Options);
        var others = new GanBatches(data, Conditional, GanRuns.Options with { Seed = 2 });
        var batch = batches.Get(2, 1);
        batches.Get(1, 0);
        var again = batches.Get(2, 1);

        TensorAssert.Equal(batch.Images, again.Images);
        TensorAssert.Equal(batch.Labels!, again.Labels!);
        TensorAssert.Equal(batch.Latents, again.Latents);
        Assert.All(new[] { batches.Get(2, 2), batches.Get(1, 1), others.Get(2, 1) }, other =>
        {
            Assert.NotEqual(batch.Images.sum().item<float>(), other.Images.sum().item<float>());
            Assert.NotEqual(batch.Latents.sum().item<float>(), other.Latents.sum().item<float>());
        });
    }

    [Fact]
    public void Images_are_between_minus_1_and_1_and_latents_are_of_the_standard_normal_distribution()
    {
        using var scope = NewDisposeScope();
        using var pixels = zeros([2, 1, 28, 28], ScalarType.Byte);
        pixels[1].fill_((byte)255);
        using var data = new ImageDataset("black and white", pixels.clone(), zeros(2, ScalarType.Int64), ["none"]);
        var batch = new GanBatches(data, new DcganOptions { Latent = 1024 }, GanRuns.Options).Get(1, 0);

        Assert.Null(batch.Labels);
        Assert.Equal([-1f, 1f], batch.Images.mean([1L, 2, 3]).data<float>().ToArray().Order());
        Assert.Equal([2L, 1024], batch.Latents.shape);
        Assert.InRange(batch.Latents.mean().item<float>(), -0.1, 0.1); // 2048 numbers: 4 standard errors are 0.09
        Assert.InRange(batch.Latents.std().item<float>(), 0.93, 1.07);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var data = SyntheticImages.Create(40);
        var batches = new GanBatches(data, Conditional, GanRuns.Options);

        TensorAssert.NoneIsLeftBehind(() => Get(batches, 1, 0));
    }

    private static List<string> Epoch(GanBatches batches, int epoch) =>
        [.. Enumerable.Range(0, batches.PerEpoch).SelectMany(step => Get(batches, epoch, step).Keys)];

    private static (int Images, List<string> Keys) Get(GanBatches batches, int epoch, int step)
    {
        var batch = batches.Get(epoch, step);
        using var images = batch.Images;
        using var latents = batch.Latents;
        using var labels = batch.Labels;
        using var pixels = PixelBatch.FromSigned(images);
        Assert.Equal(images.shape[0], latents.shape[0]);
        return ((int)images.shape[0], labels is null ? [] : Keys(pixels, labels));
    }

    private static List<string> Keys(Tensor pixels, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return [.. labels.data<long>().ToArray().Select((label, i) => $"{label} {Convert.ToHexString(pixels[i].contiguous().bytes)}")];
    }
}
