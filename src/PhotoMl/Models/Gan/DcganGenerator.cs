using PhotoMl.Kernels;
using TorchSharp.Modules;

namespace PhotoMl.Models;

/// <summary>The generator of the DCGAN: latents in, pictures out.</summary>
/// <remarks>
/// <para>
/// Dense 7x7x256, batch norm, leaky ReLU 0.3; transposed conv 5x5x128 of stride 1, batch norm, leaky; 5x5x64 of stride 2, batch norm,
/// leaky; 5x5 of stride 2 to the image's channels, tanh; no biases but those of batch norm. It is the network of TensorFlow's tutorial
/// "Deep Convolutional Generative Adversarial Network" (after A. Radford, L. Metz, S. Chintala, ICLR 2016), with Keras' Glorot-uniform
/// weights, a batch-norm momentum of 0.01 (Keras' 0.99), an epsilon of 1e-3 and a slope of 0.3. Other image sizes begin at a quarter of
/// theirs, rounded up.
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

    private readonly Layer dense;
    private readonly BatchNorm1d norm1;
    private readonly Layer conv1;
    private readonly BatchNorm2d norm2;
    private readonly Layer conv2;
    private readonly BatchNorm2d norm3;
    private readonly Layer conv3;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its sizes; those of MNIST by default.</param>
    /// <param name="seed">The seed of the weights.</param>
    public DcganGenerator(DcganOptions? options = null, long seed = 1)
        : this(options ?? new DcganOptions(), seed, device: null)
    {
    }

    internal DcganGenerator(DcganOptions options, long? seed, Device? device)
        : base(NativeLibraries.Load(nameof(DcganGenerator)))
    {
        Options = options;
        var features = Options.Scales.Quarter.Height * Options.Scales.Quarter.Width * WideChannels;
        using var scope = NewDisposeScope(); // which the layers survive
        dense = Layer(new(LayerKind.Linear, Options.Latent + Options.Classes, features), inBFloat16: true);
        norm1 = nn.BatchNorm1d(features, device: device);
        conv1 = Layer(new(LayerKind.TransposedConv, WideChannels, MiddleChannels, Kernel: 5, Stride: 1, Padding: 2), inBFloat16: true);
        norm2 = nn.BatchNorm2d(MiddleChannels, device: device);
        conv2 = Layer(new(LayerKind.TransposedConv, MiddleChannels, NarrowChannels, Kernel: 5, Stride: 2, Padding: 2), inBFloat16: true);
        norm3 = nn.BatchNorm2d(NarrowChannels, device: device);
        conv3 = Layer(new(LayerKind.TransposedConv, NarrowChannels, Options.Channels, Kernel: 5, Stride: 2, Padding: 2));
        RegisterComponents();
        WeightInitialization.LikeKeras(this, seed);

        Layer Layer(LayerSpec spec, bool inBFloat16 = false) => new(spec, device, hasBias: false, inBFloat16);
    }

    /// <summary>The sizes of the network.</summary>
    public DcganOptions Options { get; }

    /// <summary>The dtype of the products of the larger convolutions. Default <see cref="Precision.Float32"/>;
    /// <see cref="Precision.Auto"/> picks by the processor.</summary>
    public Precision Precision { get; set => field = ProcessorFeatures.Resolve(value); } = Precision.Float32;

    /// <summary>How much of a batch's statistics enters the running ones. Default 0.01.</summary>
    internal double Momentum { get; set; } = 0.01;

    /// <summary>Makes pictures; of a conditional generator <see cref="Generate"/> is to be used.</summary>
    /// <param name="input">Latents of the standard normal distribution, (N, latent), float32.</param>
    /// <returns>Images, (N, C, H, W), float32 in [-1, 1]; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The numbers have another shape or dtype, or the generator is conditional.</exception>
    public override Tensor forward(Tensor input) => Generate(input, labels: null);

    /// <summary>Makes pictures.</summary>
    /// <param name="latents">Latents of the standard normal distribution, (N, latent), float32; in training of at least two
    /// pictures.</param>
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
        var inBFloat16 = PrecisionScope.Of(Precision) == Precision.BFloat16;
        var norm = new NormSettings(training, Momentum, Epsilon, Slope);
        var x = dense.Apply(input, inBFloat16: inBFloat16 && !training); // (N, 7 * 7 * 256); training gains nothing by bfloat16 here
        x = norm.Apply(x.view(count, -1, 1, 1), norm1);
        x = KernelMemory.FromChannelsLast(x.view(count, quarter.Height, quarter.Width, WideChannels)); // (N, 256, 7, 7)
        x = norm.Apply(conv1.Apply(x, quarter, inBFloat16: inBFloat16), norm2); // (N, 128, 7, 7)
        x = norm.Apply(conv2.Apply(x, half, inBFloat16: inBFloat16), norm3); // (N, 64, 14, 14)
        x = conv3.Apply(x, size: (Options.Height, Options.Width)); // (N, C, 28, 28)
        return x.tanh().contiguous().MoveToOuterDisposeScope(); // images lie as PNG files and data sets have them
    }

    private void Check(Tensor latents, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(latents);
        var found = $"({string.Join(", ", latents.shape)}) of {latents.dtype}";
        if (latents.dim() != 2 || latents.shape[1] != Options.Latent || latents.dtype != ScalarType.Float32)
        {
            throw new ArgumentException($"Expected latents (N, {Options.Latent}) of Float32 but got {found}.", nameof(latents));
        }

        // The statistics of one picture are NaN, and would become the running ones.
        var fewest = training ? 2 : 1;
        if (latents.shape[0] < fewest)
        {
            throw new ArgumentException($"Expected latents of at least {fewest} pictures but got {found}.", nameof(latents));
        }

        LabelCheck.Check(labels, latents.shape[0], Options.Classes);
    }
}
