namespace PhotoMl.Tests.Training;

public sealed class BatchMixerTests : IDisposable
{
    private const int Count = 6;

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    // Image i is all i + 1, so that a mixed pixel shows which images it comes from.
    private readonly Tensor _images =
        arange(1, Count + 1, ScalarType.Float32).reshape(Count, 1, 1, 1).expand(Count, 2, 10, 12).contiguous();
    private readonly Tensor _labels = arange(Count, ScalarType.Int64);

    [Fact]
    public void Without_mixing_a_batch_is_what_it_was_and_has_no_soft_targets()
    {
        var batch = Mix(new(), seed: 1);

        TensorAssert.Equal(_images, batch.Images);
        TensorAssert.Equal(_labels, batch.Labels);
        Assert.Null(batch.Targets);
    }

    [Fact]
    public void Mixup_shares_the_target_as_it_shares_the_pixels()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var batch = Mix(new() { Mixup = 1 }, seed);

            // Every pixel is the mean of its image's numbers, weighted with its target.
            var expected = batch.Targets!.mv(arange(1, Count + 1, ScalarType.Float32)).reshape(Count, 1, 1, 1).expand(Count, 2, 10, 12);
            TensorAssert.Close(expected, batch.Images, 0, 1e-6);
            AssertTargets(batch);
        }
    }

    [Fact]
    public void CutMix_shares_the_target_as_it_shares_the_area()
    {
        var shares = new HashSet<double>();
        for (var seed = 1; seed <= 20; seed++)
        {
            var batch = Mix(new() { CutMix = 1 }, seed);
            for (var i = 0; i < Count; i++)
            {
                for (var other = 0; other < Count; other++)
                {
                    var area = batch.Images[i].eq(other + 1).to(ScalarType.Float32).mean().item<float>();
                    Assert.Equal(batch.Targets![i, other].item<float>(), area, 1e-5f);
                    shares.Add(Math.Round(area, 3));
                }
            }

            AssertTargets(batch);
        }

        Assert.True(shares.Count > 10);
    }

    [Fact]
    public void CutMix_takes_one_rectangle()
    {
        var batch = Mix(new() { CutMix = 1 }, seed: 3);
        var cut = batch.Images[1, 0].ne(2); // image 1 is all 2
        var (rows, columns) = (cut.any(1), cut.any(0));

        Assert.True(cut.any().item<bool>() && !cut.all().item<bool>());
        TensorAssert.Equal(rows.unsqueeze(1).logical_and(columns.unsqueeze(0)).to(ScalarType.Int32), cut.to(ScalarType.Int32));
    }

    [Fact]
    public void With_both_on_either_is_as_frequent()
    {
        // Mixup gives pixels between the whole numbers, CutMix never does.
        var batches = Enumerable.Range(1, 200).Select(seed => Mix(new() { Mixup = 1, CutMix = 1 }, seed));
        var mixups = batches.Count(batch => batch.Images.frac().ne(0).any().item<bool>());

        Assert.InRange(mixups, 75, 125);
    }

    [Fact]
    public void The_same_stream_mixes_the_same_and_the_images_stay_as_they_are()
    {
        var before = _images.bytes.ToArray();
        var options = new ClassifierTrainingOptions { Mixup = 0.4 };

        Assert.Equal(Mix(options, 1).Images.bytes.ToArray(), Mix(options, 1).Images.bytes.ToArray());
        Assert.NotEqual(Mix(options, 1).Images.bytes.ToArray(), Mix(options, 2).Images.bytes.ToArray());
        Mix(new() { CutMix = 1 }, 1);
        Assert.Equal(before, _images.bytes.ToArray());
    }

    [Fact]
    public void Nothing_is_left_behind_but_the_batch()
    {
        using var data = SyntheticImages.Create(Count);
        var options = new ClassifierTrainingOptions { Mixup = 1, CutMix = 1, PhotoAugmentation = new() };
        var batches = new ClassifierBatches(data, [0, 1, 2], options);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            var (images, labels, targets) = batches.Get(1, 0);
            images.Dispose();
            labels.Dispose();
            targets!.Dispose();
        });
    }

    public void Dispose() => _scope.Dispose();

    private ClassifierBatch Mix(ClassifierTrainingOptions options, int seed) =>
        new BatchMixer(options).Mix(_images, _labels, Count, new DeterministicRandom(seed));

    // Each row sums to one, and the label is the class of the larger share.
    private static void AssertTargets(ClassifierBatch batch)
    {
        TensorAssert.Close(ones(Count), batch.Targets!.sum(1), 1e-6, 0);
        TensorAssert.Close(batch.Targets.max(1).values, batch.Targets.gather(1, batch.Labels.unsqueeze(1)).squeeze(1), 0, 0);
    }
}
