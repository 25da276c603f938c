using PhotoMl.Kernels;

namespace PhotoMl.Models;

/// <summary>The convolutional classifier: three convolutions and two dense layers.</summary>
/// <remarks>
/// <para>
/// Conv 3x3x32, ReLU, max-pool 2, conv 3x3x64, ReLU, max-pool 2, conv 3x3x64, ReLU, flatten, dense 64, ReLU, dense classes; 93,322
/// parameters at 1x28x28 and 10 classes. It is the network of TensorFlow's first image tutorial ("Introduction to CNNs", 2019), with
/// Keras' Glorot-uniform weights and zero biases. Tensor names and layouts are PyTorch's.
/// </para>
/// <para>On the CPU, activations are channels-last and the pooled layers run as one pass over memory; see <see cref="Kernels"/>.</para>
/// </remarks>
public sealed class ConvClassifier : ImageClassifier
{
    private const int Channels = 64;
    private const int DenseUnits = 64;
    private const int EmbeddingSide = 3;

    private readonly Layer conv1;
    private readonly Layer conv2;
    private readonly Layer conv3;
    private readonly Layer dense1;
    private readonly Layer dense2;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its sizes; those of MNIST by default.</param>
    /// <param name="seed">The seed of the weights.</param>
    public ConvClassifier(ClassifierOptions? options = null, long seed = 1)
        : this(options ?? new ClassifierOptions(), seed, device: null)
    {
    }

    internal ConvClassifier(ClassifierOptions options, long? seed, Device? device)
        : base(options, ClassifierArchitecture.Convnet, nameof(ConvClassifier))
    {
        var flattened = Channels * Shrink(Options.Height) * Shrink(Options.Width);
        conv1 = new Layer(ConvReluPool.ConvOf(Options.Channels, 32), device, inBFloat16: true);
        conv2 = new Layer(new(LayerKind.Conv, 32, Channels, Kernel: 3), device, inBFloat16: true);
        conv3 = new Layer(new(LayerKind.Conv, Channels, Channels, Kernel: 3), device, inBFloat16: true);
        dense1 = new Layer(new(LayerKind.Linear, flattened, DenseUnits), device, inBFloat16: true);
        dense2 = new Layer(new(LayerKind.Linear, DenseUnits, Options.Classes), device);
        RegisterComponents();
        WeightInitialization.LikeKeras(this, seed);
    }

    /// <summary>The number of features the network describes an image by: the outputs of its first dense layer, 64.</summary>
    public override int FeaturesPerImage => DenseUnits;

    internal override int EmbeddingSize =>
        Channels * Math.Min(EmbeddingSide, Shrink(Options.Height)) * Math.Min(EmbeddingSide, Shrink(Options.Width));

    internal static IReadOnlyList<string> StageNames { get; } = ["conv1", "conv2", "conv3", "dense1"];
    internal override string HeadPrefix => "dense2.";

    // Convolutions without padding move the middle by a pixel of their input, poolings by half a one.
    internal override IReadOnlyDictionary<string, LayerGrid> LayerGrids { get; } = new Dictionary<string, LayerGrid>
    {
        ["conv1"] = new(2, 2),
        ["conv2"] = new(5, 4),
        ["conv3"] = new(9, 4),
    };

    private ScalarType Dtype => PrecisionScope.Of(Precision) == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    private protected override Tensor RunStage(int stage, Tensor x) => stage switch
    {
        0 => ConvReluPool.Apply(SeenPart(x), conv1.Weight, conv1.Bias!, Dtype), // (N, 32, 12, 12)
        1 => ReluPool.Apply(conv2.Apply(x), window: 2), // (N, 64, 5, 5)
        2 => conv3.Apply(x).relu(), // (N, 64, 3, 3)
        _ => dense1.Apply(x.flatten(1)).relu(), // (N, 64)
    };

    private protected override Tensor Summarize(Tensor x) => x.to(ScalarType.Float32); // (N, 64)

    // The dense layer keeps what separates the classes and drops the rest: that a picture is noise shows better before it, place by place.
    private protected override Tensor Embed(Tensor images, out Tensor features)
    {
        var x = RunStages(images, 0, Stages.Count - 1); // (N, 64, 3, 3)
        features = Summarize(RunStages(x, Stages.Count - 1, Stages.Count));
        var (rows, columns) = (Math.Min(EmbeddingSide, x.shape[2]), Math.Min(EmbeddingSide, x.shape[3]));
        return nn.functional.adaptive_avg_pool2d(x.to(ScalarType.Float32), [rows, columns]).flatten(1); // (N, 576)
    }

    private protected override Tensor Classify(Tensor features) => dense2.Apply(features); // (N, classes)

    // Pooling drops an odd last row and column, and with them all that nothing else sees: 26 x 26 pixels of 28 x 28 are enough.
    private static Tensor SeenPart(Tensor images) =>
        images.narrow(2, 0, (4 * Shrink((int)images.shape[2])) + 14).narrow(3, 0, (4 * Shrink((int)images.shape[3])) + 14);

    private static int Shrink(int size) => ((((size - 2) / 2) - 2) / 2) - 2;
}
