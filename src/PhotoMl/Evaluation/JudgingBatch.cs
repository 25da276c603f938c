namespace PhotoMl.Evaluation;

/// <summary>How many images a network is given at once when it only judges them.</summary>
internal static class JudgingBatch
{
    // Activations of a batch grow with its pixels; a whole batch of small images has fewer.
    private const int MostPixels = 128 * 48 * 48;

    /// <summary>The size of a batch.</summary>
    /// <param name="most">How many images at most.</param>
    /// <param name="height">Their height in pixels.</param>
    /// <param name="width">Their width in pixels.</param>
    /// <returns>As many, fewer where they are large, at least 1.</returns>
    public static int SizeOf(int most, int height, int width) => (int)Math.Clamp(MostPixels / ((long)height * width), 1, most);
}
