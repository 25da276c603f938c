using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Sampling;
using PhotoMl.Tests.Models;

namespace PhotoMl.Tests.Sampling;

public sealed class GeneratedPngTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LoadedGenerator _generator = Generators.Loaded(new DcganOptions { Channels = 3, Height = 29, Latent = 8, Classes = 3 });

    private ImageProvenance One => new() { ModelHash = _generator.Hash, Seed = 5, Index = 70, Class = "class 1", Precision = Precision.Float32 };

    private ImageProvenance Grid => One with { Index = 0, Count = 7, Columns = 3, Scale = 2, Class = null, Truncation = 0.8 };

    private ImageProvenance Way => Grid with { OtherSeed = 6, Class = "class 2" };

    [Fact]
    public void A_picture_a_grid_and_an_interpolation_are_verified_by_their_own_receipts()
    {
        foreach (var receipt in new[] { One, Grid, Way })
        {
            AssertVerified(receipt);
        }
    }

    [Fact]
    public void The_file_shows_the_pictures_that_the_sampler_makes()
    {
        using var pixels = GeneratorSampler.Sample(_generator.Model, new SampleOptions { Seed = 5, First = 70, Count = 1, Class = 1 });
        var shown = ImageFile.Decode(GeneratedPng.Make(_generator, One), "a.png");
        var planes = pixels.bytes.ToArray();

        Assert.Equal((28, 29), (shown.Width, shown.Height));
        for (var i = 0; i < shown.Rgb.Length; i++)
        {
            Assert.Equal(planes[(i % 3 * 28 * 29) + (i / 3)], shown.Rgb[i]);
        }
    }

    [FactWithBFloat16]
    public void A_picture_made_in_bfloat16_is_verified_and_the_precision_of_the_generator_put_back()
    {
        AssertVerified(One with { Precision = Precision.BFloat16 });

        Assert.Equal(Precision.Float32, _generator.Model.Precision);
    }

    [Fact]
    public void A_changed_pixel_is_found_and_its_change_told()
    {
        using var pixels = GeneratorSampler.Sample(_generator.Model, new SampleOptions { Seed = 5, First = 70, Count = 1, Class = 1 });
        var last = pixels.bytes.Length - 1;
        var value = pixels.bytes[last];
        pixels.bytes[last] = (byte)(value < 128 ? value + 100 : value - 100);
        var path = _folder.Write("changed.png", GeneratedPng.Encode(pixels, One));

        Assert.Equal(100, GeneratedPng.Compare(path, One, _generator));
    }

    [Fact]
    public void The_receipt_of_another_picture_is_not_verified()
    {
        var path = Write(One);

        Assert.All(
            new[] { One with { Index = 71 }, One with { Seed = 6 }, One with { Class = "class 0" }, One with { Class = null, Index = 72 }, One with { Truncation = 0.3 } },
            other => Assert.InRange(GeneratedPng.Compare(path, other, _generator) ?? 0, 5, 255));
        Assert.InRange(GeneratedPng.Compare(Write(Way), Way with { OtherSeed = 7 }, _generator) ?? 0, 5, 255);
        Assert.InRange(GeneratedPng.Compare(Write(Way), Way with { OtherSeed = null }, _generator) ?? 0, 5, 255);
        Assert.Null(GeneratedPng.Compare(path, One with { Count = 2 }, _generator));
        Assert.Null(GeneratedPng.Compare(path, One with { Scale = 2 }, _generator));
        Assert.Null(GeneratedPng.Compare(Write(Grid), Grid with { Columns = 4 }, _generator));
    }

    [Fact]
    public void The_class_of_a_picture_in_turn_is_its_index_modulo_their_number() =>
        Assert.Equal(0, GeneratedPng.Compare(Write(One), One with { Class = null }, _generator)); // 70 = 3 * 23 + 1

    [Fact]
    public void Another_model_and_a_class_that_it_does_not_have_are_refused()
    {
        var path = Write(One);
        using var other = Generators.Loaded(_generator.Model.Options, seed: 2);

        Refused(One with { ModelHash = other.Hash }, _generator, other.Hash);
        Refused(One, other, _generator.Hash);
        Refused(One with { Class = "shoe" }, _generator, "got shoe");

        void Refused(ImageProvenance receipt, LoadedGenerator generator, string expected)
        {
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => GeneratedPng.Compare(path, receipt, generator)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => GeneratedPng.Make(generator, receipt));
        }
    }

    [Fact]
    public void An_interpolation_that_begins_elsewhere_or_has_no_other_end_is_refused()
    {
        // The way begins with the first picture of the seed: a receipt that says otherwise would be verified and wrong.
        Assert.Throws<ArgumentException>(() => GeneratedPng.Compare(Write(Way), Way with { Index = 1 }, _generator));
        Assert.Throws<ArgumentException>(() => GeneratedPng.Make(_generator, Way with { Index = 1 }));
        Assert.Throws<ArgumentException>(() => GeneratedPng.Make(_generator, Way with { Count = 1 }));
        Assert.Throws<ArgumentException>(() => GeneratedPng.Compare(Write(One), One with { Index = 0, OtherSeed = 6 }, _generator));
    }

    [Fact]
    public void A_receipt_of_more_than_the_file_shows_is_answered_before_anything_is_made()
    {
        var path = Write(One);
        AtOnce(() => Assert.Null(GeneratedPng.Compare(path, One with { Count = 100_000, Columns = 300 }, _generator)));
        AtOnce(() => Assert.Null(GeneratedPng.Compare(path, One with { Count = 100, Columns = 1_000_000, Scale = 5 }, _generator)));
    }

    [Theory]
    [InlineData(1_000_000, 1, 1)]
    [InlineData(1_000_000, 1_000_000, 1)]
    [InlineData(1_000_000, 1_000, 64)]
    [InlineData(130_000, 360, 1)]
    [InlineData(10_000, 100, 8)]
    public void A_receipt_of_more_than_any_file_shows_is_refused_before_anything_is_made(int count, int columns, int scale)
    {
        var path = Write(One);
        var huge = One with { Count = count, Columns = columns, Scale = scale };
        AtOnce(() => Assert.Contains("100 megapixels", Assert.Throws<ArgumentException>(() => GeneratedPng.Compare(path, huge, _generator)).Message, StringComparison.Ordinal));
        AtOnce(() => Assert.Contains("100 megapixels", Assert.Throws<ArgumentException>(() => GeneratedPng.Make(_generator, huge)).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_no_picture_is_refused() =>
        Assert.Throws<UnreadableImageException>(() => GeneratedPng.Compare(_folder.Write("text.png", [.. "no picture"u8]), One, _generator));

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var path = Write(Way);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            GeneratedPng.Compare(path, Way, _generator);
            GeneratedPng.Make(_generator, One);
            Assert.Throws<ArgumentException>(() => GeneratedPng.Make(_generator, One with { Class = "shoe" }));
        });
    }

    public void Dispose()
    {
        _generator.Dispose();
        _folder.Dispose();
    }

    private void AssertVerified(ImageProvenance receipt)
    {
        var path = Write(receipt);

        Assert.Equal(receipt, ImageProvenance.Read(path));
        Assert.Equal(0, GeneratedPng.Compare(path, receipt, _generator));
    }

    // Far less than so many pictures take.
    private static void AtOnce(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private string Write(ImageProvenance receipt) => _folder.Write("picture.png", GeneratedPng.Make(_generator, receipt));
}
