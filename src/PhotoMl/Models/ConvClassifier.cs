using PhotoMl.Models.Kernels;
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
public sealed class ConvClassifier : nn.Module<Tensor, Tensor>
{
    /// <summary>The number of features the network describes an image by: the outputs of its first dense layer, 64.</summary>
    public const int FeaturesPerImage = 64;

    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Conv2d conv3;
    private readonly Linear dense1;
    private readonly Linear dense2;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its sizes; those of MNIST by default.</param>
    /// <param name="seed">The seed of the weights.</param>
    public ConvClassifier(ConvClassifierOptions? options = null, long seed = 1)
        : base(LoadedName())
    {
        Options = options ?? new ConvClassifierOptions();

        // TorchSharp's layers survive the scope; what they needed to draw weights of their own does not.
        using var scope = NewDisposeScope();
        conv1 = nn.Conv2d(Options.Channels, 32, 3);
        conv2 = nn.Conv2d(32, 64, 3);
        conv3 = nn.Conv2d(64, 64, 3);
        dense1 = nn.Linear(FeatureCount(Options), FeaturesPerImage);
        dense2 = nn.Linear(FeaturesPerImage, Options.Classes);
        RegisterComponents();

        var random = new DeterministicRandom(seed);
        KerasInitialization.Initialize(conv1, random);
        KerasInitialization.Initialize(conv2, random);
        KerasInitialization.Initialize(conv3, random);
        KerasInitialization.Initialize(dense1, random);
        KerasInitialization.Initialize(dense2, random);
    }

    /// <summary>The sizes of the network.</summary>
    public ConvClassifierOptions Options { get; }

    /// <summary>The number format of the convolutions. Default <see cref="Precision.Float32"/>; <see cref="Precision.Auto"/> picks by the processor.</summary>
    public Precision Precision { get; set => field = PrecisionChoice.For(value).Precision; } = Precision.Float32;

    /// <summary>Computes the logits of images.</summary>
    /// <param name="input">Images, (N, C, H, W), float32 in [0, 1].</param>
    /// <returns>Logits, (N, classes), float32; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The images have another shape or dtype.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckImages(input);
        using var scope = NewDisposeScope();
        return Classify(Describe(input)).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the logits of images together with the features they are computed from.</summary>
    /// <param name="input">Images, (N, C, H, W), float32 in [0, 1].</param>
    /// <returns>
    /// Features, the activations of the first dense layer after its ReLU, (N, 64), float32, at least 0; and the logits that
    /// <see cref="forward"/> gives, (N, classes), float32. The caller disposes both.
    /// </returns>
    /// <remarks>Images that the network sees as alike have features that lie close together.</remarks>
    /// <exception cref="ArgumentException">The images have another shape or dtype.</exception>
    public (Tensor Features, Tensor Logits) ForwardWithFeatures(Tensor input)
    {
        CheckImages(input);
        using var scope = NewDisposeScope();
        var features = Describe(input);
        return (features.MoveToOuterDisposeScope(), Classify(features).MoveToOuterDisposeScope());
    }

    /// <summary>The activations that the last convolution leaves of an image.</summary>
    internal static long FeatureCount(ConvClassifierOptions options) => 64L * Shrink(options.Height) * Shrink(options.Width);

    // Weights stay float32; autograd carries their gradient through the cast.
    private static Tensor Convolve(Tensor x, Conv2d layer) =>
        nn.functional.conv2d(x, layer.weight.to(x.dtype), layer.bias!.to(x.dtype));

    private static int Shrink(int size) => ((((size - 2) / 2) - 2) / 2) - 2;

    // Runs before the base class touches torch.
    private static string LoadedName()
    {
        NativeLibraries.EnsureLoaded();
        return nameof(ConvClassifier);
    }

    private Tensor Describe(Tensor images)
    {
        var dtype = Precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var x = ConvReluPool.Apply(images, conv1.weight, conv1.bias!, dtype); // (N, 32, 13, 13)
        x = ReluPool.Apply(Convolve(x, conv2)); // (N, 64, 5, 5)
        x = ProductConv.Apply(x, conv3.weight, conv3.bias!).relu().flatten(1); // (N, 576)
        x = nn.functional.linear(x, dense1.weight.to(dtype), dense1.bias!.to(dtype)).relu_();
        return x.to(ScalarType.Float32); // (N, 64)
    }

    private Tensor Classify(Tensor features) => nn.functional.linear(features, dense2.weight, dense2.bias); // (N, classes)

    private void CheckImages(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var shape = images.shape;
        if (shape.Length != 4 || shape[1] != Options.Channels || shape[2] != Options.Height || shape[3] != Options.Width || images.dtype != ScalarType.Float32)
        {
            throw new ArgumentException(
                $"Expected images (N, {Options.Channels}, {Options.Height}, {Options.Width}) of Float32 but got ({string.Join(", ", shape)}) of {images.dtype}.",
                nameof(images));
        }
    }
}
