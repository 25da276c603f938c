namespace PhotoMl.Tests.Sampling;

public sealed class GeneratedPngTests : FolderTests
{
    private static readonly LoadedGenerator Shared =
        Generators.Loaded(new DcganOptions { Channels = 3, Height = 29, Latent = 8, Classes = 3 });

    private static ImageProvenance One =>
        new() { ModelHash = Shared.Hash, Seed = 5, Index = 70, Class = "class 1", Precision = Precision.Float32 };

    private static ImageProvenance Grid => One with { Index = 0, Count = 7, Columns = 3, Scale = 2, Class = null, Truncation = 0.8 };

    private static ImageProvenance Way => Grid with { OtherSeed = 6, Class = "class 2" };

    [Fact]
    public void A_picture_a_grid_and_an_interpolation_are_verified_by_their_own_records()
    {
        Assert.All(new[] { One, Grid, Way }, AssertVerified);
        Assert.Equal(0, GeneratedPng.Compare(Write(One), One with { Class = null }, Shared)); // a class in turn: 70 = 3 * 23 + 1
    }

    [Fact]
    public void The_file_shows_the_pictures_that_the_sampler_makes_and_a_changed_pixel_is_reported()
    {
        using var pixels = GeneratorSampler.Sample(Shared.Model, new SampleOptions { Seed = 5, First = 70, Count = 1, Class = 1 });
        var shown = ImageFile.Decode(GeneratedPng.Encode(pixels, One), "a.png");
        var planes = pixels.bytes.ToArray();

        Assert.Equal((28, 29), (shown.Width, shown.Height));
        Assert.Equal(Enumerable.Range(0, planes.Length).Select(i => planes[(i % 3 * 28 * 29) + (i / 3)]), shown.Rgb);

        pixels.bytes[^1] += (byte)(planes[^1] < 128 ? 100 : -100);
        Assert.Equal(100, GeneratedPng.Compare(Folder.Write("changed.png", GeneratedPng.Encode(pixels, One)), One, Shared));
    }

    [FactWithBFloat16]
    public void A_picture_made_in_bfloat16_is_verified() => AssertVerified(One with { Precision = Precision.BFloat16 });

    [Fact]
    public void The_record_of_another_picture_is_not_verified()
    {
        var path = Write(One);

        Assert.All(
            new[] { One with { Index = 71 }, One with { Seed = 6 }, One with { Class = "class 0" }, One with { Truncation = 0.3 } },
            other => Assert.InRange(GeneratedPng.Compare(path, other, Shared) ?? 0, 5, 255));
        Assert.InRange(GeneratedPng.Compare(Write(Way), Way with { OtherSeed = 7 }, Shared) ?? 0, 5, 255);
        Assert.InRange(GeneratedPng.Compare(Write(Way), Way with { OtherSeed = null }, Shared) ?? 0, 5, 255);
        Assert.Null(GeneratedPng.Compare(path, One with { Count = 2 }, Shared));
        Assert.Null(GeneratedPng.Compare(path, One with { Scale = 2 }, Shared));
        Assert.Null(GeneratedPng.Compare(Write(Grid), Grid with { Columns = 4 }, Shared));
    }

    [Fact]
    public void A_class_that_the_model_does_not_have_is_refused()
    {
        var path = Write(One);
        var exception = Assert.Throws<ArgumentException>(() => GeneratedPng.Compare(path, One with { Class = "shoe" }, Shared));

        Assert.Contains("got shoe", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interpolation_that_begins_elsewhere_or_has_no_other_end_is_refused()
    {
        // The way begins with the first picture of the seed: a record that says otherwise would be verified and wrong.
        foreach (var record in new[] { Way with { Index = 1 }, Way with { Count = 1 }, One with { Index = 0, OtherSeed = 6 } })
        {
            Assert.Throws<ArgumentException>(() => GeneratedPng.Compare(Write(Way), record, Shared));
        }
    }

    [Fact]
    public void A_record_of_more_than_the_file_shows_is_answered_before_anything_is_made()
    {
        var path = Write(One);
        foreach (var (count, columns, scale) in new[] { (100_000, 300, 1), (100, 1_000_000, 5) })
        {
            AtOnce(() => Assert.Null(GeneratedPng.Compare(path, One with { Count = count, Columns = columns, Scale = scale }, Shared)));
        }

        foreach (var (count, columns, scale) in new[] { (1_000_000, 1, 1), (1_000_000, 1_000_000, 1), (10_000, 100, 8), (130_000, 360, 1) })
        {
            var huge = One with { Count = count, Columns = columns, Scale = scale };
            AtOnce(() =>
            {
                var exception = Assert.Throws<ArgumentException>(() => GeneratedPng.Compare(path, huge, Shared));
                Assert.Contains("100 megapixels", exception.Message);
            });
        }
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var path = Write(Way);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            GeneratedPng.Compare(path, Way, Shared);
            Assert.Throws<ArgumentException>(() => GeneratedPng.Compare(path, Way with { Class = "shoe" }, Shared));
            Assert.Throws<UnreadableImageException>(() => GeneratedPng.Compare(Folder.Write("text.png", [1]), One, Shared));
        });
    }

    private void AssertVerified(ImageProvenance record)
    {
        var path = Write(record);

        Assert.Equal(record, ImageProvenance.Read(path));
        Assert.Equal(0, GeneratedPng.Compare(path, record, Shared));
    }

    // Far less than so many pictures take.
    private static void AtOnce(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private string Write(ImageProvenance record)
    {
        var options = new SampleOptions
        {
            Seed = record.Seed,
            First = record.Index,
            Count = record.Count,
            Class = record.Class is { } name ? Shared.Info.FindClass(name) : null,
            Truncation = record.Truncation ?? double.PositiveInfinity,
        };
        using var precision = new PrecisionScope(record.Precision);
        using var pixels = GeneratorSampler.Sample(Shared.Model, options, record.OtherSeed);
        return Folder.Write("picture.png", GeneratedPng.Encode(pixels, record));
    }
}
