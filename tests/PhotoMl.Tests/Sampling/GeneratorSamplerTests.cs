namespace PhotoMl.Tests.Sampling;

public sealed class GeneratorSamplerTests
{
    private const int Block = GeneratorSampler.BlockSize;

    private static readonly DcganGenerator Plain = Generators.Create(new DcganOptions { Latent = 8 });
    private static readonly DcganGenerator Conditional = Generators.Create(new DcganOptions { Latent = 8, Classes = 3 });

    [Fact]
    public void A_picture_is_what_the_generator_makes_of_the_latents_of_its_place()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        float[] latents = [.. Latents.Draw(9, 3, 8, 1.5), .. Latents.Draw(9, 4, 8, 1.5)];
        var expected = Conditional.Generate(tensor(latents, [2, 8]), tensor(new long[] { 0, 1 })).add(1).mul(127.5);
        var pixels = GeneratorSampler.Sample(Conditional, new SampleOptions { Seed = 9, First = 3, Count = 2, Truncation = 1.5 });

        Assert.Equal([2, 1, 28, 28], pixels.shape);
        Assert.Equal(ScalarType.Byte, pixels.dtype);
        Assert.InRange((expected - pixels.to(ScalarType.Float32)).abs().max().item<float>(), 0, 0.51);
        Assert.True(pixels.to(ScalarType.Float32).std().item<float>() > 20);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [BFloat16Data(Precision.BFloat16)]
    public void A_picture_is_the_same_whatever_else_is_asked_for(Precision precision)
    {
        using var scope = new PrecisionScope(precision);
        var all = Pictures(Conditional, new SampleOptions { Seed = 4, Count = (2 * Block) + 7 });

        Assert.Equal(all.Count, all.Distinct().Count());
        foreach (var (first, count) in new[] { (0, 1), (Block - 1, 2), (Block, 1), (70, 65), ((2 * Block) + 6, 1), (Block, Block) })
        {
            Assert.Equal(all.Skip(first).Take(count), Pictures(Conditional, new SampleOptions { Seed = 4, First = first, Count = count }));
        }

        var far = new SampleOptions { First = long.MaxValue / 2, Count = 2 };
        Assert.Equal(Pictures(Conditional, far)[1], Pictures(Conditional, far with { First = far.First - 1, Count = 3 })[2]);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [BFloat16Data(Precision.BFloat16)]
    public void Any_number_of_threads_makes_the_same_pictures(Precision precision)
    {
        using var scope = new PrecisionScope(precision);
        var options = new SampleOptions { Seed = 2, Count = (2 * Block) + 7 };
        var expected = With(1);
        Assert.Equal(expected, With(2));
        Assert.Equal(expected, With(5));

        List<string> With(int count)
        {
            using var threads = new TorchThreads(count);
            return Pictures(Conditional, options);
        }
    }

    [Fact]
    public void A_class_in_turn_and_the_class_asked_for_give_the_same_picture()
    {
        var inTurn = Pictures(Conditional, new SampleOptions { Count = Block + 3 });
        for (var label = 0; label < 3; label++)
        {
            var fixedClass = Pictures(Conditional, new SampleOptions { Count = Block + 3, Class = label });
            for (var index = 0; index < inTurn.Count; index++)
            {
                Assert.Equal(index % 3 == label, inTurn[index] == fixedClass[index]);
            }
        }
    }

    [Fact]
    public void Another_seed_and_a_truncation_give_other_pictures()
    {
        var options = new SampleOptions { Count = 3 };
        var pictures = Pictures(Plain, options);

        Assert.Empty(pictures.Intersect(Pictures(Plain, options with { Seed = 2 })));
        Assert.Empty(pictures.Intersect(Pictures(Plain, options with { Truncation = 0.1 })));
        Assert.Equal(pictures, Pictures(Plain, options with { Truncation = 100 }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(Block + 1)]
    public void The_ends_of_an_interpolation_are_the_first_pictures_of_both_seeds_bit_for_bit(int count)
    {
        var options = new SampleOptions { Seed = 1, Count = count, Class = 2 };
        var way = Split(GeneratorSampler.Sample(Conditional, options, 2));

        Assert.Equal(count, way.Count);
        Assert.Equal(Pictures(Conditional, options with { Count = 1 })[0], way[0]);
        Assert.Equal(Pictures(Conditional, options with { Seed = 2, Count = 1 })[0], way[^1]);
        Assert.True(way.Distinct().Count() > count * 9 / 10);
    }

    [Fact]
    public void The_middle_of_an_interpolation_is_the_picture_of_the_middle_of_the_great_circle()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var middle = Latents.Interpolate(Latents.Draw(1, 0, 8, 0.7), Latents.Draw(2, 0, 8, 0.7), 0.5);
        var expected = Plain.Generate(tensor(middle, [1, 8]), null).add(1).mul(127.5);
        var pixels = GeneratorSampler.Sample(Plain, new SampleOptions { Seed = 1, Count = 3, Truncation = 0.7 }, 2);

        Assert.InRange((expected[0] - pixels[1].to(ScalarType.Float32)).abs().max().item<float>(), 0, 0.51);
    }

    [Fact]
    public void What_cannot_be_made_is_refused()
    {
        var options = new SampleOptions { Count = 2 };

        Refused("not conditional", () => GeneratorSampler.Sample(Plain, options with { Class = 0 }));
        Refused("0 to 2 but got 3", () => GeneratorSampler.Sample(Conditional, options with { Class = 3 }));
        Refused("got -1", () => GeneratorSampler.Sample(Conditional, options with { Class = -1 }, 2));
        Refused("2", () => GeneratorSampler.Sample(Plain, options with { Count = 1 }, 2));

        static void Refused(string expected, Func<Tensor> make) =>
            Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(make).Message);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Refused("Count", () => new SampleOptions { Count = 0 });
        Refused("Count", () => new SampleOptions { Count = 10_000_001 });
        Refused("First", () => new SampleOptions { First = -1 });
        Refused("Truncation", () => new SampleOptions { Truncation = 0.009 });
        Refused("Truncation", () => new SampleOptions { Truncation = double.NaN });

        static void Refused(string option, Func<SampleOptions> make) =>
            Assert.StartsWith($"{option}: expected ", Assert.Throws<ArgumentOutOfRangeException>(make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_mode_is_put_back_and_does_not_change_the_pictures()
    {
        var expected = Pictures(Plain, new SampleOptions { Count = 2 });
        var weights = WeightBytes.Of(Plain);
        Plain.train();

        Assert.Equal(expected, Pictures(Plain, new SampleOptions { Count = 2 }));
        Assert.Equal(expected[0], Split(GeneratorSampler.Sample(Plain, new SampleOptions { Count = 2 }, 2))[0]);
        Assert.All(Plain.children().Prepend(Plain), layer => Assert.True(layer.training));
        Assert.Equal(weights, WeightBytes.Of(Plain));
        Plain.eval();
    }

    [Fact]
    public void Progress_reports_how_many_are_made_after_a_block_of_each_thread_and_a_cancelled_run_ends_there()
    {
        using var threads = new TorchThreads(2);
        var made = new List<int>();
        var options = new SampleOptions { First = Block - 4, Count = Block + 6 };
        using var pixels = GeneratorSampler.Sample(Plain, options, progress: new SynchronousProgress<int>(made.Add));
        Assert.Equal([Block + 4, Block + 6], made);

        made.Clear();
        using var source = new CancellationTokenSource();
        var progress = new SynchronousProgress<int>(count =>
        {
            made.Add(count);
            source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => GeneratorSampler.Sample(Plain, options, null, progress, source.Token));
        Assert.Equal([Block + 4], made);
    }

    [Fact]
    public void No_tensor_is_left_behind_even_when_it_is_cancelled()
    {
        var options = new SampleOptions { Count = 3, Class = 1 };
        using var source = new CancellationTokenSource();
        source.Cancel();

        TensorAssert.NoneIsLeftBehind(() =>
        {
            GeneratorSampler.Sample(Conditional, options).Dispose();
            GeneratorSampler.Sample(Conditional, options, 2).Dispose();
            Assert.Throws<OperationCanceledException>(() => GeneratorSampler.Sample(Conditional, options, null, null, source.Token));
            Assert.Throws<OperationCanceledException>(() => GeneratorSampler.Sample(Conditional, options, 2, null, source.Token));
            Assert.Throws<ArgumentException>(() => GeneratorSampler.Sample(Conditional, options with { Class = 9 }));
        });
    }

    private static List<string> Pictures(DcganGenerator generator, SampleOptions options) =>
        Split(GeneratorSampler.Sample(generator, options));

    // The bytes of each picture.
    private static List<string> Split(Tensor pixels)
    {
        using (pixels)
        {
            return [.. pixels.bytes.ToArray().Chunk(28 * 28).Select(Convert.ToHexString)];
        }
    }
}
