using PhotoMl.Kernels;
using TorchSharp.Modules;

namespace PhotoMl.Models;

/// <summary>The residual network of 18 layers, for photos.</summary>
/// <remarks>
/// <para>
/// Conv 7x7x64 of stride 2, batch norm, ReLU, max-pool 3 of stride 2; four stages of two blocks each, of 64, 128, 256 and 512 channels, of
/// which all but the first halve the image; mean over the image; dense classes. 11,689,512 parameters at 3 channels and 1,000 classes. K.
/// He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, table 1. Names, shapes, layouts and starting
/// weights of all tensors are those of torchvision's <c>resnet18</c>, whose trained weights fit as they are.
/// </para>
/// <para>
/// Images are in [0, 1]; the network itself takes off ImageNet's mean (0.485, 0.456, 0.406) and divides by its deviation (0.229, 0.224,
/// 0.225), or, of another number of channels, the mean of each. Images of any size from 32 pixels on are taken, whatever size the options
/// name.
/// </para>
/// <para>
/// On the CPU, activations are channels-last, and batch norm, sum and ReLU are one pass over memory; see <see cref="Kernels"/>. Evaluation
/// makes no use of weights with batch norm folded in: that pass over memory is needed for ReLU anyway.
/// </para>
/// </remarks>
public sealed class ResNet18Classifier : ImageClassifier
{
    /// <summary>The smallest image of which each halving leaves something: 32 pixels.</summary>
    public const int SmallestImage = 32;

    internal const double Epsilon = 1e-5;
    private const int Features = 512;
    private const int StemChannels = 64;

    private static readonly int[] StageChannels = [64, 128, 256, Features];
    private static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] ImageNetDeviation = [0.229f, 0.224f, 0.225f];

    private readonly Layer conv1;
    private readonly BatchNorm2d bn1;
    private readonly Layer fc;
    private readonly BasicBlock[][] _stages;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its sizes.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <exception cref="ArgumentException">The sizes are those of another network.</exception>
    public ResNet18Classifier(ClassifierOptions options, long seed = 1)
        : this(options, seed, device: null)
    {
    }

    internal ResNet18Classifier(ClassifierOptions options, long? seed, Device? device)
        : base(options, ClassifierArchitecture.ResNet18, nameof(ResNet18Classifier))
    {
        using var scope = NewDisposeScope(); // which the layers survive
        var stem = new LayerSpec(LayerKind.Conv, Options.Channels, StemChannels, Kernel: 7, Stride: 2, Padding: 3);
        conv1 = new Layer(stem, device, hasBias: false, inBFloat16: true);
        bn1 = nn.BatchNorm2d(StemChannels, device: device);
        _stages = [.. StageChannels.Index().Select(stage => new[]
        {
            new BasicBlock(stage.Index == 0 ? StemChannels : StageChannels[stage.Index - 1], stage.Item, stage.Index == 0 ? 1 : 2, device),
            new BasicBlock(stage.Item, stage.Item, stride: 1, device),
        })];
        fc = new Layer(new(LayerKind.Linear, Features, Options.Classes), device);

        register_module(nameof(conv1), conv1);
        register_module(nameof(bn1), bn1);
        foreach (var (stage, blocks) in _stages.Index())
        {
            register_module(StageNames[stage + 1], nn.ModuleList(blocks));
        }

        register_module(nameof(fc), fc);
        WeightInitialization.LikeTorchvision(this, seed);
    }

    /// <summary>The number of features the network describes an image by: the means of its last channels, 512.</summary>
    public override int FeaturesPerImage => Features;

    internal static IReadOnlyList<string> StageNames { get; } = ["stem", "layer1", "layer2", "layer3", "layer4"];
    internal override string HeadPrefix => "fc.";

    // Every window is odd and padded by half: the first element looks at the first pixel's middle.
    internal override IReadOnlyDictionary<string, LayerGrid> LayerGrids { get; } =
        StageNames.Index().ToDictionary(stage => stage.Item, stage => new LayerGrid(0.5, Math.Max(4, 2 << stage.Index)));

    /// <summary>What is taken off each channel of images in [0, 1], and what it is then divided by; one number stands for all
    /// channels.</summary>
    internal static (float[] Mean, float[] Deviation) StandardizationOf(int channels) =>
        channels == ImageNetMean.Length ? (ImageNetMean, ImageNetDeviation) : ([ImageNetMean.Average()], [ImageNetDeviation.Average()]);

    private protected override Tensor RunStage(int stage, Tensor x) => stage == 0
        ? RunStem(x) // (N, 64, H/4, W/4)
        : _stages[stage - 1].Aggregate(x, (activations, block) => block.Run(activations, SettingsOf(stage)));

    private protected override Tensor Summarize(Tensor x) => x.mean([2L, 3L], type: ScalarType.Float32); // (N, 512)

    private protected override Tensor Classify(Tensor features) => fc.Apply(features); // (N, classes)

    private protected override string? FindMisfit(long height, long width) =>
        Math.Min(height, width) >= SmallestImage ? null : $"at least {SmallestImage}, at least {SmallestImage}";

    private protected override IEnumerable<string> PrefixesOf(string stage) =>
        stage == StageNames[0] ? ["conv1.", "bn1."] : base.PrefixesOf(stage);

    private static Tensor PerChannel(float[] values, Device device) => tensor(values, [1, values.Length, 1, 1], device: device);

    private NormSettings SettingsOf(int stage) => new(training && stage >= FrozenStages, NormMomentum, Epsilon, Slope: 0);

    private Tensor RunStem(Tensor images)
    {
        var (mean, deviation) = StandardizationOf(Options.Channels);
        var x = images.sub(PerChannel(mean, images.device)).div_(PerChannel(deviation, images.device));
        x = conv1.Apply(PrecisionScope.Of(Precision) == Precision.BFloat16 ? x.to(ScalarType.BFloat16) : x); // (N, 64, H/2, W/2)
        return ReluPool.Apply(BasicBlock.Normalize(x, bn1, SettingsOf(0)), window: 3); // (N, 64, H/4, W/4)
    }
}
