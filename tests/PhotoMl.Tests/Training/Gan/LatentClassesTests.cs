namespace PhotoMl.Tests.Training;

public sealed class LatentClassesTests
{
    [Fact]
    public void Each_class_gets_as_much_of_the_space_as_it_has_of_the_images()
    {
        using var scope = NewDisposeScope();
        var latents = GanBatches.Draw(new DeterministicRandom(7), 40_000, 6);
        var counts = new LatentClasses([700, 100, 150, 50]).Of(latents).bincount(null, 4).data<long>().ToArray();
        var found = Array.ConvertAll(counts, count => count / 40_000.0);

        Assert.Equal(4, found.Length);
        Assert.All(found.Zip([0.7, 0.1, 0.15, 0.05]), pair => Assert.InRange(pair.First, pair.Second - 0.01, pair.Second + 0.01));
    }

    [Fact]
    public void A_class_without_images_is_never_drawn()
    {
        using var scope = NewDisposeScope();
        var latents = GanBatches.Draw(new DeterministicRandom(7), 10_000, 3);

        Assert.Equal(0, new LatentClasses([10, 0, 10]).Of(latents).eq(1).sum().item<long>());
    }

    [Fact]
    public void Of_classes_that_are_alike_the_largest_of_the_first_latents_decides()
    {
        using var scope = NewDisposeScope();
        var latents = tensor(new[] { 2f, -1, 0, 9, 0, 0.5f, -3, 9, -2, -1, 1, 9 }, [3, 4]);

        Assert.Equal([0L, 1, 2], new LatentClasses([5, 5, 5]).Of(latents).data<long>().ToArray());
    }

    [Fact]
    public void The_discriminator_is_given_the_class_of_real_and_generated_images_and_the_generator_none()
    {
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(40);
        var guided = new GanBatches(data, GanRuns.Network with { ProjectionClasses = 4 }, GanRuns.Options).Get(1, 0);
        var conditional = new GanBatches(data, GanRuns.Network with { Classes = 4 }, GanRuns.Options).Get(1, 0);
        var plain = new GanBatches(data, GanRuns.Network, GanRuns.Options).Get(1, 0);

        TensorAssert.Equal(conditional.Labels!, guided.Labels!);
        TensorAssert.Equal(new LatentClasses(data.ClassCounts).Of(guided.Latents), guided.GeneratedLabels!);
        TensorAssert.Equal(conditional.Labels!, conditional.GeneratedLabels!);
        Assert.NotEqual(guided.Labels!.data<long>().ToArray(), guided.GeneratedLabels!.data<long>().ToArray());
        Assert.Null(plain.Labels);
        Assert.Null(plain.GeneratedLabels);
        Assert.Equal(Shapes(GanRuns.Network), Shapes(GanRuns.Network with { ProjectionClasses = 4 }));
        Assert.Equal([4, 6272], DcganDiscriminator.WeightShapes(GanRuns.Network with { ProjectionClasses = 4 })["classes.weight"]);

        static IEnumerable<string> Shapes(DcganOptions network) =>
            DcganGenerator.WeightShapes(network).Select(shape => $"{shape.Key} {string.Join(",", shape.Value)}");
    }

    [Fact]
    public void More_projection_classes_than_latents_are_refused()
    {
        var exception = Assert.Throws<ArgumentException>(() => new Gan(network: GanRuns.Network with { ProjectionClasses = 9 }));

        Assert.Contains("at least 9 latents", exception.Message, StringComparison.Ordinal);
    }
}
