using PhotoMl.Kernels;
using PhotoMl.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>The discriminator of the DCGAN: pictures in, one logit each out, above 0 for those it predicts to be real.</summary>
/// <remarks>
/// <para>
/// Conv 5x5x64 of stride 2, leaky ReLU 0.3, dropout 0.3, conv 5x5x128 of stride 2, leaky, dropout, flatten, dense 1: the network of TensorFlow's tutorial
/// "Deep Convolutional Generative Adversarial Network", with Keras' Glorot-uniform weights, zero biases and slope. Tensor names and layouts are PyTorch's.
/// </para>
/// <para>
/// A discriminator that is given the class adds the product of the flattened activations with a vector of the class: the projection of T. Miyato, M. Koyama, "cGANs
/// with Projection Discriminator", ICLR 2018, eq. 3.
/// </para>
/// </remarks>
public sealed class DcganDiscriminator : nn.Module<Tensor, Tensor>
{
    private const int NarrowChannels = 64;
    private const int WideChannels = 128;
    private const double Slope = 0.3;
    private const double DropoutRate = 0.3;

    private static readonly LayerSpec Conv2 = new(LayerKind.Conv, NarrowChannels, WideChannels, Kernel: 5, Stride: 2, Padding: 2);

    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Linear dense;
    private readonly Linear? classes;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its sizes; those of MNIST by default.</param>
    /// <param name="seed">The seed of the weights.</param>
    public DcganDiscriminator(DcganOptions? options = null, long seed = 2)
        : base(NativeLibraries.Load(nameof(DcganDiscriminator)))
    {
        Options = options ?? new DcganOptions();
        var features = FeaturesOf(Options);
        using var scope = NewDisposeScope();
        conv1 = nn.Conv2d(Options.Channels, NarrowChannels, 5, stride: 2, padding: 2);
        conv2 = nn.Conv2d(NarrowChannels, WideChannels, 5, stride: 2, padding: 2);
        dense = nn.Linear(features, 1);
        classes = Options.DiscriminatorClasses > 0 ? nn.Linear(features, Options.DiscriminatorClasses, hasBias: false) : null;
        RegisterComponents();
        WeightInitialization.LikeKeras(this, new DeterministicRandom(seed));
    }

    /// <summary>The sizes of the network.</summary>
    public DcganOptions Options { get; }

    /// <summary>The dtype of the second convolution. Default <see cref="Precision.Float32"/>; <see cref="Precision.Auto"/> picks by the processor.</summary>
    public Precision Precision { get; set => field = ProcessorFeatures.Resolve(value); } = Precision.Float32;

    /// <summary>Computes logits without dropout; of a conditional discriminator <see cref="Discriminate"/> is to be used.</summary>
    /// <param name="input">Images, (N, C, H, W), float32 in [-1, 1].</param>
    /// <returns>Logits, (N), float32; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The images have another shape or dtype, or the discriminator is conditional.</exception>
    public override Tensor forward(Tensor input) => Discriminate(input, labels: null, dropoutSeed: null);

    /// <summary>Computes the logits of pictures.</summary>
    /// <param name="images">Images, (N, C, H, W), float32 in [-1, 1].</param>
    /// <param name="labels">The class of each, (N), int64; null where the discriminator is not conditional.</param>
    /// <param name="dropoutSeed">Which activations are dropped; null drops none, as after training.</param>
    /// <param name="isTwiceDifferentiable">
    /// Whether the gradient by the images will itself be differentiated, which the faster kernels cannot.
    /// </param>
    /// <returns>Logits, (N), float32; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">A tensor has another shape or dtype, or labels are missing or not wanted.</exception>
    public Tensor Discriminate(Tensor images, Tensor? labels, long? dropoutSeed, bool isTwiceDifferentiable = false)
    {
        Check(images, labels);
        using var scope = NewDisposeScope();
        var x = Convolve(images, Conv1(Options), conv1, isTwiceDifferentiable); // (N, 64, 14, 14)
        x = Drop(x, dropoutSeed, isTwiceDifferentiable);
        x = Convolve(PrecisionScope.Of(Precision) == Precision.BFloat16 ? x.to(ScalarType.BFloat16) : x, Conv2, conv2, isTwiceDifferentiable).to(ScalarType.Float32); // (N, 128, 7, 7)
        x = Drop(x, ~dropoutSeed, isTwiceDifferentiable).flatten(1); // (N, 6272)
        var logits = Dense(Options).Apply(x, dense.weight, dense.bias).squeeze(1); // (N)
        if (classes is not null)
        {
            logits = logits + (classes.weight.index_select(0, labels!) * x).sum([1L]);
        }

        return logits.MoveToOuterDisposeScope();
    }

    internal static IReadOnlyDictionary<string, long[]> WeightShapes(DcganOptions options)
    {
        var features = FeaturesOf(options);
        var shapes = new Dictionary<string, long[]>
        {
            ["conv1.weight"] = [NarrowChannels, options.Channels, 5, 5],
            ["conv1.bias"] = [NarrowChannels],
            ["conv2.weight"] = [WideChannels, NarrowChannels, 5, 5],
            ["conv2.bias"] = [WideChannels],
            ["dense.weight"] = [1, features],
            ["dense.bias"] = [1],
        };
        if (options.DiscriminatorClasses > 0)
        {
            shapes["classes.weight"] = [options.DiscriminatorClasses, features];
        }

        return shapes;
    }

    private static Tensor Convolve(Tensor x, LayerSpec layer, Conv2d module, bool isTwiceDifferentiable) =>
        layer.Apply(x, module.weight, module.bias, routes: isTwiceDifferentiable ? LayerRoutes.TwiceDifferentiable : null);

    private static LayerSpec Conv1(DcganOptions options) => new(LayerKind.Conv, options.Channels, NarrowChannels, Kernel: 5, Stride: 2, Padding: 2);

    private static LayerSpec Dense(DcganOptions options) => new(LayerKind.Linear, (int)FeaturesOf(options), 1);

    private static long FeaturesOf(DcganOptions options) => (long)options.Scales.Quarter.Height * options.Scales.Quarter.Width * WideChannels;

    /// <summary>The layers that have weights, but for batch norm, and whether each is computed in bfloat16 too.</summary>
    internal static IEnumerable<(LayerSpec Layer, bool InBFloat16)> LayersOf(DcganOptions options) =>
        [(Conv1(options), false), (Conv2, true), (Dense(options), false)];

    private static Tensor Drop(Tensor x, long? seed, bool isTwiceDifferentiable) =>
        LeakyDropout.Apply(x, Slope, seed is null ? 0 : DropoutRate, seed ?? 0, isTwiceDifferentiable);

    private void Check(Tensor images, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(images);
        var shape = images.shape;
        if (shape.Length != 4 || shape[1] != Options.Channels || shape[2] != Options.Height || shape[3] != Options.Width || images.dtype != ScalarType.Float32)
        {
            throw new ArgumentException(
                $"Expected images (N, {Options.Channels}, {Options.Height}, {Options.Width}) of Float32 but got ({string.Join(", ", shape)}) of {images.dtype}.",
                nameof(images));
        }

        LabelCheck.Check(labels, shape[0], Options.DiscriminatorClasses);
    }
}
