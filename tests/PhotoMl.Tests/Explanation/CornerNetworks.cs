namespace PhotoMl.Tests.Explanation;

/// <summary>Networks that were trained to look at one corner, and images for them.</summary>
[CollectionDefinition(nameof(CornerNetworks), DisableParallelization = true)]
public sealed class CornerNetworks : ICollectionFixture<CornerNetworks>, IDisposable
{
    /// <summary>The classes: no spot, one at the left, one at the right.</summary>
    private const int Classes = 3;

    private readonly Dictionary<(ClassifierArchitecture, bool), ImageClassifier> _networks = [];

    /// <summary>The network that takes an image for class 1 where the corner at the left and the top is bright, and for class 2 where that
    /// at the right and the top is; or one of random weights.</summary>
    public ImageClassifier Of(ClassifierArchitecture architecture, bool isTrained = true)
    {
        if (!_networks.TryGetValue((architecture, isTrained), out var network))
        {
            var isConvnet = architecture == ClassifierArchitecture.Convnet;
            var (channels, size) = isConvnet ? (1, 28) : (3, 48);
            var options = new ClassifierOptions { Architecture = architecture, Channels = channels, Height = size, Width = size };
            network = ImageClassifier.Create(options with { Classes = Classes }, seed: isTrained ? 3 : 17);
            Train(network, steps: !isTrained ? 0 : isConvnet ? 60 : 14);
            _networks[(architecture, isTrained)] = network;
        }

        return network;
    }

    /// <summary>An image of class 1 with the spot that means nothing too.</summary>
    public static Tensor Both(ImageClassifier network)
    {
        using var images = Images(99, 5, network.Options);
        return images[4].clone();
    }

    public void Dispose()
    {
        foreach (var network in _networks.Values)
        {
            network.Dispose();
        }
    }

    // Noise with the spot of the class, 0, 1 and 2 in turn, and in half of the images another one at the right and the bottom that means
    // nothing; in color they are red, green and blue.
    private static Tensor Images(long seed, int count, ClassifierOptions network)
    {
        using var scope = NewDisposeScope();
        var (channels, size) = (network.Channels, network.Height);
        var images = TensorAssert.Normal(seed, count, channels, size, size).mul_(0.05).add_(0.2).clamp_(0, 1);
        var spot = size / 4;
        var (near, far) = (2, size - 2 - spot);
        for (var i = 0; i < count; i++)
        {
            if (i % Classes > 0)
            {
                Draw(i, color: i % Classes - 1, near, i % Classes == 1 ? near : far);
            }

            if (i / Classes % 2 == 1)
            {
                Draw(i, color: 2, far, far);
            }
        }

        return images.MoveToOuterDisposeScope();

        void Draw(int image, int color, int top, int left) =>
            images[image, Math.Min(color, channels - 1)].narrow(0, top, spot).narrow(1, left, spot).fill_(0.9f);
    }

    private static void Train(ImageClassifier network, int steps)
    {
        using var gradients = enable_grad(); // the test that asks first may have switched them off
        using var optimizer = new AdamOptimizer(network.named_parameters(), weightDecay: 0, decoupled: false);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            network.zero_grad();
            var logits = network.forward(Images(step, 12, network.Options));
            nn.functional.cross_entropy(logits, arange(12, ScalarType.Int64).remainder(Classes)).backward();
            optimizer.Step(0.002);
        }

        network.zero_grad();
        network.eval();
    }
}
