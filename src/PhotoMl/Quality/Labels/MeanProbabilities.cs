namespace PhotoMl.Quality;

/// <summary>The geometric mean of what several networks predict of each image.</summary>
/// <param name="images">How many images.</param>
/// <param name="classes">How many classes.</param>
internal sealed class MeanProbabilities(int images, int classes)
{
    private const float LeastProbability = 1e-12f; // so that networks that exclude different classes leave no 0 / 0

    private readonly float[][] _sums = [.. Enumerable.Range(0, images).Select(_ => new float[classes])]; // of logarithms
    private readonly int[] _networks = new int[images];

    /// <summary>Adds what one more network predicts of an image.</summary>
    public void Add(long image, float[] probabilities)
    {
        _networks[image]++;
        foreach (var (label, probability) in probabilities.Index())
        {
            _sums[image][label] += MathF.Log(Math.Max(probability, LeastProbability));
        }
    }

    /// <summary>The means, (images, classes), whose classes sum to 1; uniform for an image that no network predicted.</summary>
    public float[][] Compute() => [.. _sums.Zip(_networks, (sums, networks) =>
    {
        var means = Array.ConvertAll(sums, sum => MathF.Exp(sum / Math.Max(1, networks)));
        var total = means.Sum();
        return Array.ConvertAll(means, mean => mean / total);
    })];
}
