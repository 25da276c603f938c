using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>What is explained: an image, a class, and the network that may take the one for the other.</summary>
internal sealed record ExplanationSubject(ImageClassifier Network, Tensor Image, int Class, double Temperature, CancellationToken CancellationToken)
{
    // Enough to hide the cost of a call, few enough for the activations to stay small.
    private const int MostBatch = 64;
    private const int MostPixels = 32 * 128 * 128;

    public int Height => (int)Image.shape[2];
    public int Width => (int)Image.shape[3];
    public int BatchSize => Math.Clamp(MostPixels / (Height * Width), 1, MostBatch);

    /// <summary>Computes the log-odds of the class for images that are made batch by batch.</summary>
    public float[] LogOdds(int count, Func<int, int, Tensor> make)
    {
        var odds = new float[count];
        using var withoutGradients = no_grad();
        for (var first = 0; first < count; first += BatchSize)
        {
            CancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            LogOddsOf(Network.forward(make(first, Math.Min(BatchSize, count - first))).div(Temperature)).data<float>().ToArray().CopyTo(odds, first);
        }

        return odds;
    }

    /// <summary>Computes the gradient of the class's logit of each image, (N, C, H, W), by that image.</summary>
    public Tensor InputGradient(Tensor images)
    {
        using var withGradients = enable_grad();
        using var scope = NewDisposeScope();
        var inputs = images.detach().requires_grad_(true);
        var score = Network.forward(inputs).select(1, Class).sum();
        return autograd.grad([score], [inputs])[0].MoveToOuterDisposeScope();
    }

    public static double ToProbability(float logOdds) => 1 / (1 + Math.Exp(-logOdds));

    // The softmax of one class against the rest, without what is common to all.
    private Tensor LogOddsOf(Tensor logits)
    {
        var others = logits.clone();
        others.select(1, Class).fill_(float.NegativeInfinity);
        return logits.select(1, Class) - others.logsumexp(1); // (N)
    }
}
