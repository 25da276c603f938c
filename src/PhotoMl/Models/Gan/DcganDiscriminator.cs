using PhotoMl.Kernels;

namespace PhotoMl.Models;

/// <summary>The discriminator of the DCGAN: pictures in, one logit each out, above 0 for those it predicts to be real.</summary>
/// <remarks>
/// <para>
/// Conv 5x5x64 of stride 2, leaky ReLU 0.3, dropout 0.3, conv 5x5x128 of stride 2, leaky, dropout, flatten, dense 1: the network of
/// TensorFlow's tutorial "Deep Convolutional Generative Adversarial Network", with Keras' Glorot-uniform weights, zero biases and slope.
/// Tensor names and layouts are PyTorch's.
/// </para>
/// <para>
/// A discriminator that is given the class adds the product of the flattened activations with a vector of the class: the projection of T.
/// Miyato, M. Koyama, "cGANs with Projection Discriminator", ICLR 2018, eq. 3.
/// </para>
/// </remarks>
public sealed class DcganDiscriminator : nn.Module<Tensor, Tensor>
{
    private const int NarrowChannels = 64;
    private const int WideChannels = 128;
    private const double Slope = 0.3;
    private const double DropoutRate = 0.3;

    private readonly Layer conv1;
    private readonly Layer conv2;
    private readonly Layer dense;
    private readonly Layer? classes;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its sizes; those of MNIST by default.</param>
    /// <param name="seed">The seed of the weights.</param>
    public DcganDiscriminator(DcganOptions? options = null, long seed = 2)
        : this(options ?? new DcganOptions(), seed, device: null)
    {
    }

    internal DcganDiscriminator(DcganOptions options, long? seed, Device? device)
        : base(NativeLibraries.Load(nameof(DcganDiscriminator)))
    {
        Options = options;
        var features = Options.Scales.Quarter.Height * Options.Scales.Quarter.Width * WideChannels;
        conv1 = new Layer(new(LayerKind.Conv, Options.Channels, NarrowChannels, Kernel: 5, Stride: 2, Padding: 2), device);
        conv2 = new Layer(new(LayerKind.Conv, NarrowChannels, WideChannels, Kernel: 5, Stride: 2, Padding: 2), device, inBFloat16: true);
        dense = new Layer(new(LayerKind.Linear, features, 1), device);
        classes = Options.Classes > 0 ? new Layer(new(LayerKind.Linear, features, Options.Classes), device, hasBias: false) : null;
        RegisterComponents();
        WeightInitialization.LikeKeras(this, seed);
    }

    /// <summary>The sizes of the network.</summary>
    public DcganOptions Options { get; }

    /// <summary>The dtype of the products of the second convolution. Default <see cref="Precision.Float32"/>;
    /// <see cref="Precision.Auto"/> picks by the processor.</summary>
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
        var routes = isTwiceDifferentiable ? LayerRoutes.TwiceDifferentiable : null;
        var x = Drop(conv1.Apply(images, routes: routes), dropoutSeed); // (N, 64, 14, 14)
        var inBFloat16 = PrecisionScope.Of(Precision) == Precision.BFloat16;
        x = Drop(conv2.Apply(x, routes: routes, inBFloat16: inBFloat16), ~dropoutSeed); // (N, 128, 7, 7)
        return Logits(x, labels).MoveToOuterDisposeScope();

        Tensor Drop(Tensor activations, long? seed) =>
            LeakyDropout.Apply(activations, Slope, seed is null ? 0 : DropoutRate, seed ?? 0, isTwiceDifferentiable);
    }

    // The dense layer and the vectors of all classes are one product, of which each picture takes its own class. Weights are
    // brought to the order of the activations, which are larger.
    private Tensor Logits(Tensor x, Tensor? labels)
    {
        var weight = classes is null ? dense.Weight : cat([dense.Weight, classes.Weight], 0); // (1 + classes, 128 * 7 * 7)
        weight = weight.view(-1, x.shape[1], x.shape[2], x.shape[3]).permute(0, 2, 3, 1).flatten(1);
        var layer = new LayerSpec(LayerKind.Linear, (int)weight.shape[1], (int)weight.shape[0]);
        var products = layer.Apply(KernelMemory.ToChannelsLast(x).flatten(1), weight); // (N, 1 + classes)
        var logits = products.select(1, 0) + dense.Bias!; // (N)
        return labels is null ? logits : logits + products.gather(1, labels.add(1).unsqueeze(1)).squeeze(1);
    }

    private void Check(Tensor images, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(images);
        var shape = images.shape;
        long[] expected = [Options.Channels, Options.Height, Options.Width];
        if (shape.Length != 4 || !shape.Skip(1).SequenceEqual(expected) || images.dtype != ScalarType.Float32)
        {
            var found = $"({string.Join(", ", shape)}) of {images.dtype}";
            throw new ArgumentException($"Expected images (N, {string.Join(", ", expected)}) of Float32 but got {found}.", nameof(images));
        }

        LabelCheck.Check(labels, shape[0], Options.Classes);
    }
}
