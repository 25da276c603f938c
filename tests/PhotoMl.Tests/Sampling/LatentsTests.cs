namespace PhotoMl.Tests.Sampling;

public sealed class LatentsTests
{
    [Fact]
    public void Latents_of_many_pictures_have_mean_0_and_variance_1()
    {
        var values = Enumerable.Range(0, 1000).SelectMany(index => Latents.Draw(5, index, 100)).Select(value => (double)value).ToArray();
        var mean = values.Average();

        // Of 100,000 draws the mean has a deviation of 0.0032, the variance one of 0.0045.
        Assert.InRange(mean, -0.016, 0.016);
        Assert.InRange(values.Sum(value => (value - mean) * (value - mean)) / values.Length, 0.977, 1.023);
        Assert.InRange(values.Count(value => Math.Abs(value) > 2) / (double)values.Length, 0.0455 - 0.0035, 0.0455 + 0.0035);
    }

    [Fact]
    public void The_same_seed_and_picture_give_the_same_latents_and_any_other_give_others()
    {
        var first = Latents.Draw(7, 3, 20);

        Assert.Equal(first, Latents.Draw(7, 3, 20));
        Assert.Equal(first[..7], Latents.Draw(7, 3, 7));
        Assert.All(
            new[] { (8L, 3L), (7, 2), (7, 4), (3, 7), (-7, 3), (7, 3 + (1L << 32)), (7 + (1L << 32), 3) },
            other => Assert.Empty(first.Intersect(Latents.Draw(other.Item1, other.Item2, 20))));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void Truncated_latents_stay_within_the_bound_and_fill_it(double bound)
    {
        var values = Enumerable.Range(0, 20).SelectMany(index => Latents.Draw(1, index, 100, bound)).ToArray();

        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        Assert.InRange(values.Max(), 0.97 * bound, bound);
        Assert.InRange(values.Min(), -bound, -0.97 * bound);
    }

    [Fact]
    public void Truncation_takes_out_of_the_stream_what_lies_beyond_and_no_more()
    {
        var all = Latents.Draw(1, 0, 100);
        var within = all.Where(value => Math.Abs(value) <= 1).ToArray();

        Assert.InRange(within.Length, 50, 85);
        Assert.Equal(within, Latents.Draw(1, 0, 100, 1)[..within.Length]);
        Assert.Equal(all, Latents.Draw(1, 0, 100, all.Max(value => Math.Abs((double)value)) + 1e-3));
    }

    [Fact]
    public void A_third_of_the_way_is_a_third_of_the_angle_and_of_the_growth()
    {
        // 30 of 90 degrees, at 4 on the way from 3 to 6.
        var third = Latents.Interpolate([3, 0, 0], [0, 6, 0], 1.0 / 3);

        Assert.Equal(4 * (float)Math.Sqrt(0.75), third[0], 1e-5f);
        Assert.Equal(2, third[1], 1e-5f);
        Assert.Equal(0, third[2]);
    }

    [Fact]
    public void The_distance_from_0_goes_evenly_from_one_end_to_the_other_and_the_ends_are_the_points_bit_for_bit()
    {
        var (from, to) = (Latents.Draw(1, 0, 100), Latents.Draw(2, 0, 100).Select(value => 3 * value).ToArray());
        for (var step = 0; step <= 10; step++)
        {
            var expected = ((1 - (step / 10.0)) * Length(from)) + (step / 10.0 * Length(to));
            Assert.Equal(expected, Length(Latents.Interpolate(from, to, step / 10.0)), 1e-4);
        }

        Assert.Equal(from, Latents.Interpolate(from, to, 0));
        Assert.Equal(to, Latents.Interpolate(from, to, 1));
    }

    [Theory]
    [InlineData(new float[] { 1, 2 }, new float[] { 2, 4 }, new float[] { 1.5f, 3 })]
    [InlineData(new float[] { 1, 2 }, new float[] { 1, 2 }, new float[] { 1, 2 })]
    [InlineData(new float[] { 1, 2 }, new float[] { -1, -2 }, new float[] { 0, 0 })]
    [InlineData(new float[] { 0, 0 }, new float[] { 2, 4 }, new float[] { 1, 2 })]
    [InlineData(new float[] { 2, 4 }, new float[] { 0, 0 }, new float[] { 1, 2 })]
    [InlineData(new float[] { 0, 0 }, new float[] { 0, 0 }, new float[] { 0, 0 })]
    [InlineData(new float[0], new float[0], new float[0])]
    public void Points_with_no_one_circle_between_them_are_joined_by_a_line(float[] from, float[] to, float[] middle)
    {
        Assert.Equal(middle, Latents.Interpolate(from, to, 0.5));
        Assert.Equal(from, Latents.Interpolate(from, to, 0));
        Assert.Equal(to, Latents.Interpolate(from, to, 1));
    }

    [Theory]
    [InlineData(1e-8f)]
    [InlineData(1e-6f)]
    [InlineData(1e-5f)]
    [InlineData(1e-3f)]
    public void Nearly_parallel_and_nearly_opposite_points_give_finite_ways(float turn)
    {
        Assert.All(Latents.Interpolate([1, 0], [1, turn], 0.5), value => Assert.InRange(value, 0, 1.01f));
        Assert.All(Latents.Interpolate([1, 0], [-1, turn], 0.5), value => Assert.InRange(value, -1.1f, 1.1f));
    }

    private static double Length(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));
}
