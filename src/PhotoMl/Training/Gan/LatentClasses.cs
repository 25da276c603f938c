using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Cuts the space of latents into one region for each class, each as likely as the class is among the training images.</summary>
/// <remarks>
/// A picture's class is the k for which z[k] + b[k] is the largest, k from 0 to classes - 1: of K classes the first K latents decide. A generator that is never given a class can
/// then be trained as if it had been: the discriminator is given the class of the region (T. Miyato, M. Koyama, "cGANs with Projection Discriminator", ICLR 2018), and the generator
/// learns what to make there. The offsets b are found by fixed-point steps on drawn numbers, b[k] += (ln target share - ln found share) / 2.
/// </remarks>
internal sealed class LatentClasses
{
    private const long Purpose = 0x434C4153; // "CLAS", apart from the other streams
    private const int Draws = 16_384;
    private const int Steps = 60;

    private readonly float[] _offsets;

    public LatentClasses(IReadOnlyList<int> classCounts)
    {
        var total = (double)classCounts.Sum();
        var shares = classCounts.Select(count => count / total).ToArray();
        _offsets = FindOffsets(shares);
    }

    public Tensor Of(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return latents.narrow(1, 0, _offsets.Length).add(tensor(_offsets)).argmax(1).MoveToOuterDisposeScope();
    }

    private static float[] FindOffsets(double[] shares)
    {
        var classes = shares.Length;
        var random = new DeterministicRandom(1, Purpose);
        var draws = random.NextGaussians(Draws * classes, deviation: 1);

        // A class without an image is never drawn.
        var offsets = Array.ConvertAll(shares, share => share > 0 ? 0 : float.NegativeInfinity);
        var found = new int[classes];
        for (var step = 0; step < Steps; step++)
        {
            Array.Clear(found);
            for (var draw = 0; draw < Draws; draw++)
            {
                found[Largest(draws.AsSpan(draw * classes, classes), offsets)]++;
            }

            for (var k = 0; k < classes; k++)
            {
                if (shares[k] > 0)
                {
                    offsets[k] += (float)((Math.Log(shares[k]) - Math.Log((found[k] + 0.5) / Draws)) / 2);
                }
            }
        }

        return offsets;
    }

    private static int Largest(ReadOnlySpan<float> numbers, float[] offsets)
    {
        var largest = 0;
        for (var k = 1; k < numbers.Length; k++)
        {
            if (numbers[k] + offsets[k] > numbers[largest] + offsets[largest])
            {
                largest = k;
            }
        }

        return largest;
    }
}
