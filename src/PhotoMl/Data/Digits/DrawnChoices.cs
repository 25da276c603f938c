using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>The random choices of which hand-drawn shapes are made.</summary>
internal static class DrawnChoices
{
    private const double Widest = 2.5;

    public static bool Chance(this DeterministicRandom random, double probability) => random.NextDouble() < probability;

    /// <summary>Draws from a normal distribution without its far tails, which would be scribbles.</summary>
    public static double Near(this DeterministicRandom random, double mean, double deviation) =>
        mean + (deviation * Math.Clamp(random.NextGaussian(), -Widest, Widest));

    /// <summary>Draws a factor around 1, as likely to multiply as to divide.</summary>
    public static double Factor(this DeterministicRandom random, double deviation) => Math.Exp(random.Near(0, deviation));
}
