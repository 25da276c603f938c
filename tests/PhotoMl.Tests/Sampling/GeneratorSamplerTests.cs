namespace PhotoMl.Tests.Sampling;

public sealed class GeneratorSamplerTests : IDisposable
{
    private const int Block = GeneratorSampler.BlockSize;

    private readonly DcganGenerator _plain = Generators.Create(new DcganOptions { Latent = 8 });
    private readonly DcganGenerator _conditional = Generators.Create(new DcganOptions { Latent = 8, Classes = 3 });

    [Fact]
    public void A_picture_is_what_the_generator_makes_of_the_numbers_of_its_place()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var latents = new float[2 * 8];
        Latents.Draw(9, 3, latents.AsSpan(0, 8), 1.5);
        Latents.Draw(9, 4, latents.AsSpan(8), 1.5);
        var expected = _conditional.Generate(tensor(latents, [2, 8]), tensor(new long[] { 0, 1 })).add(1).mul(127.5).to(ScalarType.Float32);
        var pixels = GeneratorSampler.Sample(_conditional, new SampleOptions { Seed = 9, First = 3, Count = 2, Truncation = 1.5 });

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
        _conditional.Precision = precision;
        var all = Pictures(_conditional, new SampleOptions { Seed = 4, Count = (2 * Block) + 7 });

        Assert.Equal(all.Count, all.Distinct().Count());
        foreach (var (first, count) in new[] { (0, 1), (Block - 1, 1), (Block - 1, 2), (Block, 1), (70, 65), ((2 * Block) + 6, 1), (Block, Block) })
        {
            Assert.Equal(all.Skip(first).Take(count), Pictures(_conditional, new SampleOptions { Seed = 4, First = first, Count = count }));
        }
    }

    [Fact]
    public void A_picture_of_a_far_place_is_made_as_quickly()
    {
        var far = new SampleOptions { First = long.MaxValue / 2, Count = 2 };

        Assert.Equal(Pictures(_conditional, far)[1], Pictures(_conditional, far with { First = far.First - 1, Count = 3 })[2]);
    }

    [Fact]
    public void A_class_in_turn_and_the_class_asked_for_give_the_same_picture()
    {
        var inTurn = Pictures(_conditional, new SampleOptions { Count = Block + 3 });
        for (var label = 0; label < 3; label++)
        {
            var fixedClass = Pictures(_conditional, new SampleOptions { Count = Block + 3, Class = label });
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
        var pictures = Pictures(_plain, options);

        Assert.Empty(pictures.Intersect(Pictures(_plain, options with { Seed = 2 })));
        Assert.Empty(pictures.Intersect(Pictures(_plain, options with { Truncation = 0.1 })));
        Assert.Equal(pictures, Pictures(_plain, options with { Truncation = 100 }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(Block + 1)]
    public void The_ends_of_an_interpolation_are_the_first_pictures_of_both_seeds_bit_for_bit(int count)
    {
        var options = new SampleOptions { Seed = 1, Count = count, Class = 2 };
        var way = Split(GeneratorSampler.Interpolate(_conditional, options, 2));

        Assert.Equal(count, way.Count);
        Assert.Equal(Pictures(_conditional, options with { Count = 1 })[0], way[0]);
        Assert.Equal(Pictures(_conditional, options with { Seed = 2, Count = 1 })[0], way[^1]);
        Assert.True(way.Distinct().Count() > count * 9 / 10);
    }

    [Fact]
    public void The_middle_of_an_interpolation_is_the_picture_of_the_middle_of_the_great_circle()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var (from, to) = (new float[8], new float[8]);
        Latents.Draw(1, 0, from, 0.7);
        Latents.Draw(2, 0, to, 0.7);
        var expected = _plain.Generate(tensor(Latents.Interpolate(from, to, 0.5), [1, 8]), null).add(1).mul(127.5);
        var pixels = GeneratorSampler.Interpolate(_plain, new SampleOptions { Seed = 1, Count = 3, Truncation = 0.7 }, 2);

        Assert.InRange((expected[0] - pixels[1].to(ScalarType.Float32)).abs().max().item<float>(), 0, 0.51);
    }

    [Fact]
    public void What_cannot_be_made_is_refused()
    {
        var options = new SampleOptions { Count = 2 };

        Assert.Contains("not conditional", Assert.Throws<ArgumentException>(() => GeneratorSampler.Sample(_plain, options with { Class = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 2 but got 3", Assert.Throws<ArgumentException>(() => GeneratorSampler.Sample(_conditional, options with { Class = 3 })).Message, StringComparison.Ordinal);
        Assert.Contains("got -1", Assert.Throws<ArgumentException>(() => GeneratorSampler.Interpolate(_conditional, options with { Class = -1 }, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => GeneratorSampler.Interpolate(_plain, options with { Count = 1 }, 2));
    }

    [Theory]
    [InlineData("Count", 0)]
    [InlineData("Count", 10_000_001)]
    [InlineData("First", -1)]
    [InlineData("Truncation", 0.009)]
    [InlineData("Truncation", double.NaN)]
    public void Options_out_of_range_are_refused_by_name(string option, double value)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => option switch
        {
            "Count" => new SampleOptions { Count = (int)value },
            "First" => new SampleOptions { First = (long)value },
            _ => new SampleOptions { Truncation = value },
        });

        Assert.StartsWith($"{option}: expected ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Training_mode_is_put_back_and_does_not_change_the_pictures(bool training)
    {
        var expected = Pictures(_plain, new SampleOptions { Count = 2 });
        var weights = WeightBytes.Of(_plain);
        _plain.train(training);

        Assert.Equal(expected, Pictures(_plain, new SampleOptions { Count = 2 }));
        Assert.Equal(expected[0], Split(GeneratorSampler.Interpolate(_plain, new SampleOptions { Count = 2 }, 2))[0]);
        Assert.Equal(training, _plain.training);
        Assert.All(_plain.children(), layer => Assert.Equal(training, layer.training));
        Assert.Equal(weights, WeightBytes.Of(_plain));
    }

    [Fact]
    public void Progress_tells_how_many_are_made_after_each_block()
    {
        var told = new List<int>();
        using var pixels = GeneratorSampler.Sample(_plain, new SampleOptions { First = Block - 4, Count = Block + 6 }, new Told(told));

        Assert.Equal([4, Block + 4, Block + 6], told);
    }

    [Fact]
    public void A_cancelled_run_ends_after_the_block()
    {
        using var source = new CancellationTokenSource();
        var told = new List<int>();

        Assert.Throws<OperationCanceledException>(() =>
            GeneratorSampler.Sample(_plain, new SampleOptions { Count = 10 * Block }, new Told(told, source.Cancel), source.Token));
        Assert.Equal([Block], told);
    }

    [Fact]
    public void No_tensor_is_left_behind_even_when_it_is_cancelled()
    {
        var options = new SampleOptions { Count = 3, Class = 1 };
        using var source = new CancellationTokenSource();
        source.Cancel();

        TensorAssert.NoneIsLeftBehind(() =>
        {
            GeneratorSampler.Sample(_conditional, options).Dispose();
            GeneratorSampler.Interpolate(_conditional, options, 2).Dispose();
            Assert.Throws<OperationCanceledException>(() => GeneratorSampler.Sample(_conditional, options, null, source.Token));
            Assert.Throws<OperationCanceledException>(() => GeneratorSampler.Interpolate(_conditional, options, 2, source.Token));
            Assert.Throws<ArgumentException>(() => GeneratorSampler.Sample(_conditional, options with { Class = 9 }));
        });
    }

    public void Dispose()
    {
        _plain.Dispose();
        _conditional.Dispose();
    }

    private static List<string> Pictures(DcganGenerator generator, SampleOptions options) => Split(GeneratorSampler.Sample(generator, options));

    // The bytes of each picture.
    private static List<string> Split(Tensor pixels)
    {
        using (pixels)
        {
            return [.. pixels.bytes.ToArray().Chunk(28 * 28).Select(Convert.ToHexString)];
        }
    }

    private sealed class Told(List<int> values, Action? then = null) : IProgress<int>
    {
        public void Report(int value)
        {
            values.Add(value);
            then?.Invoke();
        }
    }
}
