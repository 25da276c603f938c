namespace PhotoMl.Explanation;

/// <summary>An area under a curve of probabilities, and what it is for random maps.</summary>
/// <param name="Value">That of the map, in [0, 1].</param>
/// <param name="Random">The mean of the random maps.</param>
/// <param name="RandomDeviation">The standard deviation of the random maps, with their number less one.</param>
public sealed record FaithfulnessFigure(double Value, double Random, double RandomDeviation)
{
    internal static FaithfulnessFigure Of(double value, IReadOnlyCollection<double> random)
    {
        var mean = random.Average();
        return new FaithfulnessFigure(value, mean, Math.Sqrt(random.Sum(one => (one - mean) * (one - mean)) / (random.Count - 1)));
    }
}
