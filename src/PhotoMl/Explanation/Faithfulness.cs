namespace PhotoMl.Explanation;

/// <summary>How far the network does what a map says: the probability of the class while the pixels that the map ranks highest are taken away, or put back, first.</summary>
/// <remarks>
/// <para>
/// V. Petsiuk, A. Das, K. Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018, section 4.2. Both figures are areas under the curve of
/// the probability over the share of pixels, by the trapezoidal rule, in [0, 1]. Deletion goes from the image to its ground (<see cref="ExplanationBaseline.Ground"/>),
/// insertion from the blurred image (<see cref="ExplanationBaseline.Blurred"/>) to the image.
/// </para>
/// <para>
/// The random maps have the same values as the map, mirrored and moved at random around the edges: they are as smooth as it is and differ only in where they are.
/// Single pixels in random order would ruin any image at once, and then no smooth map would seem faithful.
/// </para>
/// </remarks>
/// <param name="Deletion">The area while pixels are taken away: lower is better.</param>
/// <param name="Insertion">The area while pixels are put back: higher is better.</param>
public sealed record Faithfulness(FaithfulnessFigure Deletion, FaithfulnessFigure Insertion)
{
    /// <summary>Whether taking away what the map marks harms the prediction more than the random maps do, by more than their spread.</summary>
    public bool IsDeletionBetter => Deletion.Value < Deletion.Random - Deletion.RandomDeviation;

    /// <summary>Whether putting back what the map marks helps the prediction more than the random maps do, by more than their spread.</summary>
    public bool IsInsertionBetter => Insertion.Value > Insertion.Random + Insertion.RandomDeviation;
}
