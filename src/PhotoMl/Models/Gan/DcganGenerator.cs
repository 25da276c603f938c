using PhotoMl.Kernels;
using PhotoMl.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>The generator of the DCGAN: latents in, pictures out.</summary>
/// <remarks>
/// <para>
/// Dense 7x7x256, batch norm, leaky ReLU 0.3; transposed conv 5x5x128 of stride 1, batch norm, leaky; 5x5x64 of stride 2, batch norm, leaky; 5x5 of
/// stride 2 to the image's channels, tanh; no biases but those of batch norm. It is the network of TensorFlow's tutorial "Deep Convolutional Generative
/// Adversarial Network" (after A. Radford, L. Metz, S. Chintala, ICLR 2016), with Keras' Glorot-uniform weights, a batch-norm momentum of 0.01 (Keras'
/// 0.99), an epsilon of 1e-3 and a slope of 0.3. Other image sizes begin at a quarter of theirs, rounded up.
/// </para>
/// <para>
/// Tensor names and layouts are PyTorch's. As in Keras the dense layer's outputs are ordered (height, width, 256):
/// <c>view(-1, 7, 7, 256).permute(0, 3, 1, 2)</c>. A conditional generator takes the class as a one-hot vector behind the latents.
/// </para>
/// </remarks>
public sealed class DcganGenerator : nn.Module<Tensor, Tensor>
{
    internal const int WideChannels = 256;
    private const int MiddleChannels = 128;
    private const int NarrowChannels = 64;
    internal const double Slope = 0.3;
    internal const double Epsilon = 1e-3;

    private static readonly LayerSpec Conv1 = new(LayerKind.TransposedConv, WideChannels, MiddleChannels, Kernel: 5, Stride: 1, Padding: 2);
    private static readonly LayerSpec Conv2 = new(LayerKind.TransposedConv, MiddleChannels, NarrowChannels, Kernel: 5, Stride: 2, Padding: 2);

    private readonly Linear dense;
    private readonly BatchNorm1d norm1;
    private readonly ConvTranspose2d conv1;
    private readonly BatchNorm2d norm2;
    private readonly ConvTranspose2d conv2;
    private readonly BatchNorm2d norm3;
    private readonly ConvTranspose2d conv3;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its sizes; those of MNIST by default.</param>
    /// <param name="seed">The seed of the weights.</param>
    public DcganGenerator(DcganOptions? options = null, long seed = 1)
        : base(NativeLibraries.Load(nameof(DcganGenerator)))
    {
        Options = options ?? new DcganOptions();
        var features = FeaturesOf(Options);

        // TorchSharp's layers survive the scope; what they needed to draw weights of their own does not.
        using var scope = NewDisposeScope();
        dense = nn.Linear(Options.Latent + Options.Classes, features, hasBias: false);
        norm1 = nn.BatchNorm1d(features, Epsilon, Momentum);
        conv1 = nn.ConvTranspose2d(WideChannels, MiddleChannels, 5, bias: false);
        norm2 = nn.BatchNorm2d(MiddleChannels, Epsilon, Momentum);
        conv2 = nn.ConvTranspose2d(MiddleChannels, NarrowChannels, 5, stride: 2, bias: false);
        norm3 = nn.BatchNorm2d(NarrowChannels, Epsilon, Momentum);
        conv3 = nn.ConvTranspose2d(NarrowChannels, Options.Channels, 5, stride: 2, bias: false);
        RegisterComponents();
        WeightInitialization.LikeKeras(this, new DeterministicRandom(seed));
    }

    /// <summary>The sizes of the network.</summary>
    public DcganOptions Options { get; }

    /// <summary>The dtype of the products. Default <see cref="Precision.Float32"/>; <see cref="Precision.Auto"/> picks by the processor.</summary>
    public Precision Precision { get; set => field = ProcessorFeatures.Resolve(value); } = Precision.Float32;

    /// <summary>How much of a batch's statistics enters the running ones. Default 0.01.</summary>
    internal double Momentum { get; set; } = 0.01;

    /// <summary>Makes pictures; of a conditional generator <see cref="Generate"/> is to be used.</summary>
    /// <param name="input">Latents of the standard normal distribution, (N, latent), float32.</param>
    /// <returns>Images, (N, C, H, W), float32 in [-1, 1]; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The numbers have another shape or dtype, or the generator is conditional.</exception>
    public override Tensor forward(Tensor input) => Generate(input, labels: null);

    /// <summary>Makes pictures.</summary>
    /// <param name="latents">Latents of the standard normal distribution, (N, latent), float32; in training of at least two pictures.</param>
    /// <param name="labels">The class of each picture, (N), int64; null where the generator is not conditional.</param>
    /// <returns>Images, (N, C, H, W), float32 in [-1, 1]; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">A tensor has another shape or dtype, or labels are missing or not wanted.</exception>
    public Tensor Generate(Tensor latents, Tensor? labels)
    {
        Check(latents, labels);
        using var scope = NewDisposeScope();
        var (quarter, half) = Options.Scales;
        var count = latents.shape[0];
        var input = labels is null ? latents : cat([latents, nn.functional.one_hot(labels, Options.Classes).to(ScalarType.Float32)], 1);
        var x = Dense(Options).Apply(input, dense.weight);
        x = Normalize(x.view(count, -1, 1, 1), norm1.weight!, norm1.bias!, norm1.running_mean!, norm1.running_var!); // (N, 7 * 7 * 256, 1, 1)
        x = KernelMemory.FromChannelsLast(x.view(count, quarter.Height, quarter.Width, WideChannels)); // (N, 256, 7, 7)
        x = Enlarge(x, Conv1, conv1.weight, quarter); // (N, 128, 7, 7)
        x = Normalize(x, norm2.weight!, norm2.bias!, norm2.running_mean!, norm2.running_var!);
        x = Enlarge(x, Conv2, conv2.weight, half); // (N, 64, 14, 14)
        x = Normalize(x, norm3.weight!, norm3.bias!, norm3.running_mean!, norm3.running_var!);
        x = Conv3(Options).Apply(x, conv3.weight, size: (Options.Height, Options.Width)); // (N, C, 28, 28)
        return x.tanh().contiguous().MoveToOuterDisposeScope(); // images lie as PNG files and data sets have them
    }

    internal static IReadOnlyDictionary<string, long[]> WeightShapes(DcganOptions options)
    {
        var features = FeaturesOf(options);
        var shapes = new Dictionary<string, long[]>
        {
            ["dense.weight"] = [features, options.Latent + options.Classes],
            ["conv1.weight"] = [WideChannels, MiddleChannels, 5, 5],
            ["conv2.weight"] = [MiddleChannels, NarrowChannels, 5, 5],
            ["conv3.weight"] = [NarrowChannels, options.Channels, 5, 5],
        };
        foreach (var (name, channels) in new[] { ("norm1", features), ("norm2", MiddleChannels), ("norm3", NarrowChannels) })
        {
            foreach (var part in new[] { "weight", "bias", "running_mean", "running_var" })
            {
                shapes[$"{name}.{part}"] = [channels];
            }

            shapes[$"{name}.num_batches_tracked"] = [];
        }

        return shapes;
    }

    internal static IEnumerable<(LayerSpec Layer, bool InBFloat16)> LayersOf(DcganOptions options) =>
        [(Dense(options), false), (Conv1, true), (Conv2, true), (Conv3(options), false)];

    private Tensor Normalize(Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance) =>
        BatchNormLeaky.Apply(x, weight, bias, mean, variance, training, Momentum, Epsilon, Slope);

    private Tensor Enlarge(Tensor x, LayerSpec layer, Tensor weight, (int Height, int Width) size) =>
        layer.Apply(PrecisionScope.Of(Precision) == Precision.BFloat16 ? x.to(ScalarType.BFloat16) : x, weight, size: size).to(ScalarType.Float32);

    private static LayerSpec Dense(DcganOptions options) => new(LayerKind.Linear, options.Latent + options.Classes, (int)FeaturesOf(options));

    private static long FeaturesOf(DcganOptions options) => (long)options.Scales.Quarter.Height * options.Scales.Quarter.Width * WideChannels;

    private static LayerSpec Conv3(DcganOptions options) => new(LayerKind.TransposedConv, NarrowChannels, options.Channels, Kernel: 5, Stride: 2, Padding: 2);

    private void Check(Tensor latents, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (latents.dim() != 2 || latents.shape[1] != Options.Latent || latents.dtype != ScalarType.Float32)
        {
            throw new ArgumentException($"Expected latents (N, {Options.Latent}) of Float32 but got ({string.Join(", ", latents.shape)}) of {latents.dtype}.", nameof(latents));
        }

        // The statistics of one picture are no numbers, and would become the running ones.
        var fewest = training ? 2 : 1;
        if (latents.shape[0] < fewest)
        {
            throw new ArgumentException($"Expected latents of at least {fewest} pictures but got ({string.Join(", ", latents.shape)}) of {latents.dtype}.", nameof(latents));
        }

        LabelCheck.Check(labels, latents.shape[0], Options.Classes);
    }
}
