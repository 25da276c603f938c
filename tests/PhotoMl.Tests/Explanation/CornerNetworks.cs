namespace PhotoMl.Tests.Explanation;

/// <summary>Networks that were trained to look at one corner, and images for them.</summary>
[CollectionDefinition(nameof(CornerNetworks), DisableParallelization = true)]
public sealed class CornerNetworks : ICollectionFixture<CornerNetworks>, IDisposable
{
    private readonly Dictionary<ClassifierArchitecture, Lazy<ImageClassifier>> _networks = new()
    {
        [ClassifierArchitecture.Convnet] = new(() => Train(new ClassifierOptions { Height = Size, Width = Size, Classes = Classes }, steps: 60)),
        [ClassifierArchitecture.ResNet18] = new(() => Train(
            new ClassifierOptions { Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = Photo, Width = Photo, Classes = Classes }, steps: 14)),
    };

    /// <summary>The classes: no spot, one at the left, one at the right.</summary>
    public const int Classes = 3;

    /// <summary>The height and width of the images of the convnet.</summary>
    public const int Size = 28;

    /// <summary>The height and width of the images of the residual network.</summary>
    public const int Photo = 64;

    /// <summary>The network that takes an image for class 1 where the corner at the left and the top is bright, and for class 2 where that at the right and the top is.</summary>
    public ImageClassifier Of(ClassifierArchitecture architecture) => _networks[architecture].Value;

    /// <summary>Noise with the spot of the class, and in half of the images another one at the right and the bottom that means nothing; in colour they are red, green and blue.</summary>
    /// <returns>Images, (count, channels, size, size), whose classes are 0, 1 and 2 in turn.</returns>
    public static Tensor Images(long seed, int count, int channels, int size)
    {
        using var scope = NewDisposeScope();
        var images = TensorAssert.Normal(seed, count, channels, size, size).mul_(0.05).add_(0.2).clamp_(0, 1);
        var spot = size / 4;
        var (near, far) = (2, size - 2 - spot);
        for (var i = 0; i < count; i++)
        {
            if (i % Classes > 0)
            {
                Draw(i, colour: i % Classes - 1, near, i % Classes == 1 ? near : far);
            }

            if (i / Classes % 2 == 1)
            {
                Draw(i, colour: 2, far, far);
            }
        }

        return images.MoveToOuterDisposeScope();

        void Draw(int image, int colour, int top, int left) => images[image, Math.Min(colour, channels - 1)].narrow(0, top, spot).narrow(1, left, spot).fill_(0.9f);
    }

    /// <summary>An image of class 1 with the spot that means nothing too.</summary>
    public static Tensor Both(ImageClassifier network)
    {
        using var images = Images(99, 5, network.Options.Channels, network.Options.Height);
        return images[4].clone();
    }

    public void Dispose()
    {
        foreach (var network in _networks.Values.Where(network => network.IsValueCreated))
        {
            network.Value.Dispose();
        }
    }

    private static ImageClassifier Train(ClassifierOptions options, int steps)
    {
        NativeLibraries.EnsureLoaded();
        var network = ImageClassifier.Create(options, seed: 3);
        using var optimizer = new AdamOptimizer(network.named_parameters(), weightDecay: 0, decoupled: false);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            network.zero_grad();
            var images = Images(step, 12, options.Channels, options.Height);
            nn.functional.cross_entropy(network.forward(images), arange(12, ScalarType.Int64).remainder(Classes)).backward();
            optimizer.Step(0.002);
        }

        network.zero_grad();
        network.eval();
        return network;
    }
}
