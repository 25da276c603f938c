namespace PhotoMl.Sampling;

/// <summary>Which pictures a generator is to make.</summary>
public sealed record SampleOptions
{
    /// <summary>The seed of the pictures. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The first picture of the seed, from 0. Default 0.</summary>
    public long First { get; init => field = Checked.InRange(value, 0, long.MaxValue / 2, nameof(First)); }

    /// <summary>How many pictures, 1 to 10,000,000. Default 64.</summary>
    public int Count { get; init => field = Checked.InRange(value, 1, 10_000_000, nameof(Count)); } = 64;

    /// <summary>The class of all pictures of a conditional generator; null takes them in turn: picture k is of class k modulo their
    /// number.</summary>
    public int? Class { get; init; }

    /// <summary>The largest distance from 0 of the latents, 0.01 up; one beyond it is drawn again. Default infinity.</summary>
    public double Truncation { get; init => field = Checked.InRange(value, 0.01, double.PositiveInfinity, nameof(Truncation)); } =
        double.PositiveInfinity;
}
