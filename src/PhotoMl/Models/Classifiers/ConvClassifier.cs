using PhotoMl.Kernels;
using PhotoMl.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

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
    private const int DenseUnits = 64;
    private const int EmbeddingSide = 3;
    private const int Conv1Channels = 32;

    private static readonly LayerSpec Conv2 = new(LayerKind.Conv, Conv1Channels, 64, Kernel: 3);
    private static readonly LayerSpec Conv3 = new(LayerKind.Conv, 64, 64, Kernel: 3);

    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Conv2d conv3;
    private readonly Linear dense1;
    private readonly Linear dense2;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its sizes; those of MNIST by default.</param>
    /// <param name="seed">The seed of the weights.</param>
    public ConvClassifier(ClassifierOptions? options = null, long seed = 1)
        : base(options ?? new ClassifierOptions(), ClassifierArchitecture.Convnet, nameof(ConvClassifier))
    {
        // TorchSharp's layers survive the scope; what they needed to draw weights of their own does not.
        using var scope = NewDisposeScope();
        conv1 = nn.Conv2d(Options.Channels, 32, 3);
        conv2 = nn.Conv2d(32, 64, 3);
        conv3 = nn.Conv2d(64, 64, 3);
        dense1 = nn.Linear(FlatCount(Options), DenseUnits);
        dense2 = nn.Linear(DenseUnits, Options.Classes);
        RegisterComponents();
        WeightInitialization.LikeKeras(this, new DeterministicRandom(seed));
    }

    /// <summary>The number of features the network describes an image by: the outputs of its first dense layer, 64.</summary>
    public override int FeaturesPerImage => DenseUnits;

    internal override int EmbeddingSize => 64 * Math.Min(EmbeddingSide, Shrink(Options.Height)) * Math.Min(EmbeddingSide, Shrink(Options.Width));

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

    internal static new IReadOnlyDictionary<string, long[]> WeightShapes(ClassifierOptions options) => new Dictionary<string, long[]>
    {
        ["conv1.weight"] = [32, options.Channels, 3, 3],
        ["conv1.bias"] = [32],
        ["conv2.weight"] = [64, 32, 3, 3],
        ["conv2.bias"] = [64],
        ["conv3.weight"] = [64, 64, 3, 3],
        ["conv3.bias"] = [64],
        ["dense1.weight"] = [DenseUnits, FlatCount(options)],
        ["dense1.bias"] = [DenseUnits],
        ["dense2.weight"] = [options.Classes, DenseUnits],
        ["dense2.bias"] = [options.Classes],
    };

    internal static new IEnumerable<(LayerSpec Layer, bool InBFloat16)> LayersOf(ClassifierOptions options) =>
        [(ConvReluPool.ConvOf(options.Channels, Conv1Channels), true), (Conv2, true), (Conv3, true), (Dense1(options), true), (Dense2(options), false)];

    private protected override Tensor RunStage(int stage, Tensor x) => stage switch
    {
        0 => ConvReluPool.Apply(x, conv1.weight, conv1.bias!, Dtype), // (N, 32, 13, 13)
        1 => ReluPool.Apply(Conv2.Apply(x, conv2.weight, conv2.bias)), // (N, 64, 5, 5)
        2 => Conv3.Apply(x, conv3.weight, conv3.bias).relu(), // (N, 64, 3, 3)
        _ => Dense1(Options).Apply(x.flatten(1), dense1.weight, dense1.bias).relu(), // (N, 64)
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

    private protected override Tensor Classify(Tensor features) => Dense2(Options).Apply(features, dense2.weight, dense2.bias); // (N, classes)

    private static LayerSpec Dense1(ClassifierOptions options) => new(LayerKind.Linear, (int)FlatCount(options), DenseUnits);

    private static LayerSpec Dense2(ClassifierOptions options) => new(LayerKind.Linear, DenseUnits, options.Classes);

    private static int Shrink(int size) => ((((size - 2) / 2) - 2) / 2) - 2;

    // The activations that the last convolution leaves of an image.
    private static long FlatCount(ClassifierOptions options) => 64L * Shrink(options.Height) * Shrink(options.Width);
}
