namespace PhotoMl.Models;

/// <summary>A network that classifies images: features of each image, and logits from the features.</summary>
/// <remarks>Whatever a network does to its images first, such as subtracting a mean, it does itself: all take images in [0, 1].</remarks>
public abstract class ImageClassifier : nn.Module<Tensor, Tensor>
{
    private protected ImageClassifier(ClassifierOptions options, ClassifierArchitecture architecture, string name)
        : base(NativeLibraries.Load(name))
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options.Architecture == architecture
            ? options.Validated()
            : throw new ArgumentException(
                $"Expected the sizes of a {ClassifierOptions.NameOf(architecture)} but got those of a {options.Name}.", nameof(options));
    }

    /// <summary>The sizes of the network.</summary>
    public ClassifierOptions Options { get; }

    /// <summary>The dtype of the convolutions. Default <see cref="Precision.Float32"/>; <see cref="Precision.Auto"/> picks by the
    /// processor.</summary>
    public Precision Precision { get; set => field = ProcessorFeatures.Resolve(value); } = Precision.Float32;

    /// <summary>The number of features the network describes an image by.</summary>
    public abstract int FeaturesPerImage { get; }

    internal virtual int EmbeddingSize => FeaturesPerImage;

    /// <summary>The stages that can be frozen, from the input on; what follows the last of them is the head.</summary>
    public IReadOnlyList<string> Stages => StagesOf(Options.Architecture);

    /// <summary>The stages whose output is a map of the image, from the input on; the last of them is the last convolution.</summary>
    public IReadOnlyList<string> Layers => [.. LayerGrids.Keys];

    /// <summary>The last stage that is frozen; null where none is.</summary>
    public string? FrozenStage => FrozenStages == 0 ? null : Stages[FrozenStages - 1];

    private protected int FrozenStages { get; private set; }

    /// <summary>Creates a network with fresh weights.</summary>
    /// <param name="options">Which network, and its sizes.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <returns>The network, to be disposed by the caller.</returns>
    public static ImageClassifier Create(ClassifierOptions options, long seed = 1) => Create(options, seed, device: null);

    /// <summary>The stages of a network that can be frozen, from the input on.</summary>
    /// <param name="architecture">Which network.</param>
    /// <returns>Their names.</returns>
    public static IReadOnlyList<string> StagesOf(ClassifierArchitecture architecture) =>
        architecture == ClassifierArchitecture.ResNet18 ? ResNet18Classifier.StageNames : ConvClassifier.StageNames;

    /// <summary>Freezes the network from the input up to a stage: its weights take no gradients, and its batch norm keeps its
    /// statistics.</summary>
    /// <param name="stage">The last stage to freeze, one of <see cref="Stages"/>; null freezes none.</param>
    /// <exception cref="ArgumentException">There is no such stage.</exception>
    public void Freeze(string? stage)
    {
        var count = stage is null ? 0 : Stages.ToList().IndexOf(stage) + 1;
        if (stage is not null && count == 0)
        {
            var stages = string.Join(", ", Stages);
            throw new ArgumentException($"Expected a stage of a {Options.Name}, {stages}, but got {stage}.", nameof(stage));
        }

        FrozenStages = count;
        var frozen = Stages.Take(count).SelectMany(PrefixesOf).ToList();
        foreach (var (name, parameter) in named_parameters())
        {
            parameter.requires_grad = !frozen.Exists(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        }
    }

    /// <summary>Copies the weights of a file, trained on other images, into the network.</summary>
    /// <param name="path">
    /// A classifier of this library, or any safetensors file or state_dict of PyTorch with the names of torchvision's <c>resnet18</c> (or
    /// of <see cref="ConvClassifier"/>), in F32, F16 or BF16. It is not trusted: every name, dtype, shape and number is checked before one
    /// weight is changed.
    /// </param>
    /// <param name="classNames">The classes of the network, in the order of its logits.</param>
    /// <returns>What the user should know, a sentence each: which layers keep the weights they have, and which were brought to another
    /// number of channels.</returns>
    /// <remarks>
    /// The last layer is taken over where the classes are the same: by name, or by number in a file that names none. A first layer of three
    /// channels becomes one of a single channel by its sum, and one of a single channel becomes one of three by a third of it for each, so
    /// that a grey image has the same effect. Where images of another size leave another number of activations before the dense layers of a
    /// <see cref="ConvClassifier"/>, those are not taken over.
    /// </remarks>
    /// <exception cref="InvalidModelException">The file is missing or damaged, or holds the weights of another network.</exception>
    public IReadOnlyList<string> LoadWeights(string path, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        return PretrainedWeights.Load(path, this, classNames);
    }

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
    /// Features, at least 0, (N, <see cref="FeaturesPerImage"/>), float32; and the logits that <see cref="forward"/> gives, (N, classes),
    /// float32. The caller disposes both.
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

    /// <summary>Computes the logits of images together with unit embeddings, (N, <see cref="EmbeddingSize"/>), which show best whether an
    /// image is like the training images.</summary>
    /// <remarks>
    /// Embeddings are brought to length 1 (Y. Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022, section
    /// 3): how long they are says how much there is to see, not what.
    /// </remarks>
    internal (Tensor Embeddings, Tensor Logits) ForwardWithEmbedding(Tensor input)
    {
        CheckImages(input);
        using var scope = NewDisposeScope();
        var embedding = Embed(input, out var features);
        var unit = embedding / embedding.norm(1, keepdim: true).clamp(min: KeptScalars.Tiny);
        return (unit.MoveToOuterDisposeScope(), Classify(features).MoveToOuterDisposeScope());
    }

    /// <summary>Whether the network takes images of a height and width; some networks take others than their own.</summary>
    /// <param name="height">The height in pixels.</param>
    /// <param name="width">The width in pixels.</param>
    /// <returns>Whether <see cref="forward"/> takes such images.</returns>
    public bool Takes(int height, int width) => FindMisfit(height, width) is null;

    /// <summary>Makes a network whose weights are about to be read or copied: drawing millions of them first takes a while.</summary>
    internal static ImageClassifier CreateBlank(ClassifierOptions options, Device? device = null) => Create(options, seed: null, device);

    internal ImageClassifier Copy()
    {
        var copy = CreateBlank(Options);
        copy.Precision = Precision;
        copy.Freeze(FrozenStage);
        NetworkWeights.Copy(this, copy);
        return copy;
    }

    internal abstract IReadOnlyDictionary<string, LayerGrid> LayerGrids { get; }

    internal Tensor ForwardTo(Tensor images, string layer)
    {
        CheckImages(images);
        using var scope = NewDisposeScope();
        return RunStages(images, 0, EndOf(layer)).MoveToOuterDisposeScope();
    }

    internal Tensor ForwardFrom(Tensor activations, string layer)
    {
        using var scope = NewDisposeScope();
        return Classify(Summarize(RunStages(activations, EndOf(layer), Stages.Count))).MoveToOuterDisposeScope();
    }

    internal double NormMomentum { get; set; } = 0.1;
    internal abstract string HeadPrefix { get; }

    private protected virtual IEnumerable<string> PrefixesOf(string stage) => [$"{stage}."];

    private protected abstract Tensor RunStage(int stage, Tensor x); // of stage 0, x is images, (N, C, H, W), float32 in [0, 1]

    private protected abstract Tensor Summarize(Tensor x); // (N, FeaturesPerImage), float32

    /// <summary>Computes embeddings of images that were checked; the features themselves where a network has nothing better.</summary>
    private protected virtual Tensor Embed(Tensor images, out Tensor features) => features = Describe(images);

    private protected abstract Tensor Classify(Tensor features); // (N, classes), float32

    private protected virtual string? FindMisfit(long height, long width) =>
        (height, width) == (Options.Height, Options.Width) ? null : $"{Options.Height}, {Options.Width}";

    private static ImageClassifier Create(ClassifierOptions options, long? seed, Device? device)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Architecture switch
        {
            ClassifierArchitecture.Convnet => new ConvClassifier(options, seed, device),
            ClassifierArchitecture.ResNet18 => new ResNet18Classifier(options, seed, device),
            _ => throw new ArgumentException($"Expected a known network but got {options.Architecture}.", nameof(options)),
        };
    }

    private Tensor Describe(Tensor images) => Summarize(RunStages(images, 0, Stages.Count));

    private protected Tensor RunStages(Tensor x, int first, int end)
    {
        for (var stage = first; stage < end; stage++)
        {
            using var withoutGradients = stage < FrozenStages ? no_grad() : null;
            x = RunStage(stage, x);
        }

        return x;
    }

    private int EndOf(string layer) => Stages.ToList().IndexOf(layer) + 1;

    private void CheckImages(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var shape = images.shape;
        var misfit = shape.Length == 4 ? FindMisfit(shape[2], shape[3]) : null;
        if (shape.Length != 4 || shape[1] != Options.Channels || misfit is not null || images.dtype != ScalarType.Float32)
        {
            var size = misfit ?? $"{Options.Height}, {Options.Width}";
            throw new ArgumentException(
                $"Expected images (N, {Options.Channels}, {size}) of Float32 but got ({string.Join(", ", shape)}) of {images.dtype}.",
                nameof(images));
        }
    }
}

/// <summary>Where in the image each element of a layer's map looks: the middle of its receptive field.</summary>
/// <remarks>
/// W. Luo, Y. Li, R. Urtasun, R. Zemel, "Understanding the Effective Receptive Field in Deep Convolutional Neural Networks", NIPS 2016:
/// what an element sees is concentrated there. A map merely stretched to the image is off by up to half an element.
/// </remarks>
internal readonly record struct LayerGrid(double First, int Stride)
{
    /// <summary>Where in the map a place in the image lies, in elements from the map's corner: the middle of the first is at 0.5.</summary>
    public double ToElement(double place) => ((place - First) / Stride) + 0.5;
}
