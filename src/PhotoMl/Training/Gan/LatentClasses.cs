namespace PhotoMl.Training;

/// <summary>Cuts the space of latents into one region for each class, each as likely as the class is among the training images.</summary>
/// <remarks>A picture's class is the k for which z[k] + b[k] is the largest, k from 0 to classes - 1: of K classes the first K latents
/// decide. A generator that is never given a class can then be trained as if it had been: the discriminator is given the class of the
/// region (T. Miyato, M. Koyama, "cGANs with Projection Discriminator", ICLR 2018), and the generator learns what to make there. The
/// offsets b are found by fixed-point steps on drawn numbers, b[k] += (ln target share - ln found share) / 2.</remarks>
internal sealed class LatentClasses
{
    private const long Purpose = 0x434C4153; // "CLAS", apart from the other streams
    private const int Draws = 16_384;
    private const int Steps = 60;

    private readonly float[] _offsets;

    public LatentClasses(IReadOnlyList<int> classCounts)
    {
        var total = (double)classCounts.Sum();
        _offsets = FindOffsets([.. classCounts.Select(count => count / total)]);
    }

    public Tensor Of(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return latents.narrow(1, 0, _offsets.Length).add(tensor(_offsets)).argmax(1).MoveToOuterDisposeScope();
    }

    private static float[] FindOffsets(double[] shares)
    {
        using var scope = NewDisposeScope();
        var draws = tensor(new DeterministicRandom(1, Purpose).NextGaussians(Draws * shares.Length, deviation: 1), [Draws, shares.Length]);

        // A class without an image is never drawn.
        var offsets = Array.ConvertAll(shares, share => share > 0 ? 0 : float.NegativeInfinity);
        for (var step = 0; step < Steps; step++)
        {
            using var ofStep = NewDisposeScope();
            var found = draws.add(tensor(offsets)).argmax(1).bincount(null, shares.Length).data<long>();
            for (var k = 0; k < shares.Length; k++)
            {
                offsets[k] += shares[k] > 0 ? (float)((Math.Log(shares[k]) - Math.Log((found[k] + 0.5) / Draws)) / 2) : 0;
            }
        }

        return offsets;
    }
}
