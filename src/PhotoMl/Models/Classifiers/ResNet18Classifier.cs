using PhotoMl.Kernels;
using PhotoMl.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>The residual network of 18 layers, for photos.</summary>
/// <remarks>
/// <para>
/// Conv 7x7x64 of stride 2, batch norm, ReLU, max-pool 3 of stride 2; four stages of two blocks each, of 64, 128, 256 and 512 channels, of which all but the
/// first halve the image; mean over the image; dense classes. 11,689,512 parameters at 3 channels and 1,000 classes. K. He, X. Zhang, S. Ren, J. Sun, "Deep
/// Residual Learning for Image Recognition", CVPR 2016, table 1. Names, shapes, layouts and starting weights of all tensors are those of torchvision's
/// <c>resnet18</c>, whose trained weights fit as they are.
/// </para>
/// <para>
/// Images are in [0, 1]; the network itself takes off ImageNet's mean (0.485, 0.456, 0.406) and divides by its deviation (0.229, 0.224, 0.225), or, of another
/// number of channels, the mean of each. Images of any size from 32 pixels on are taken, whatever size the options name.
/// </para>
/// <para>
/// On the CPU, activations are channels-last, and batch norm, sum and ReLU are one pass over memory; see <see cref="Kernels"/>. Evaluation makes no use of
/// weights with batch norm folded in: that pass over memory is needed for ReLU anyway.
/// </para>
/// </remarks>
public sealed class ResNet18Classifier : ImageClassifier
{
    /// <summary>The smallest image of which each halving leaves something: 32 pixels.</summary>
    public const int SmallestImage = 32;

    private const int Features = 512;
    private const int StemChannels = 64;

    private static readonly int[] StageChannels = [64, 128, 256, Features];
    private static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] ImageNetDeviation = [0.229f, 0.224f, 0.225f];

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Linear fc;
    private readonly BasicBlock[][] _stages;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its sizes.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <exception cref="ArgumentException">The sizes are those of another network.</exception>
    public ResNet18Classifier(ClassifierOptions options, long seed = 1)
        : this(options, (long?)seed)
    {
    }

    internal ResNet18Classifier(ClassifierOptions options, long? seed)
        : base(options, ClassifierArchitecture.ResNet18, nameof(ResNet18Classifier))
    {
        // TorchSharp's layers survive the scope; what they needed to draw weights of their own does not.
        using var scope = NewDisposeScope();
        conv1 = nn.Conv2d(Options.Channels, StemChannels, 7, stride: 2, padding: 3, bias: false);
        bn1 = nn.BatchNorm2d(StemChannels);
        _stages = [.. StageChannels.Select((channels, stage) => new[]
        {
            new BasicBlock(InputChannels(stage), channels, StrideOf(stage)),
            new BasicBlock(channels, channels, stride: 1),
        })];
        fc = nn.Linear(Features, Options.Classes);

        register_module(nameof(conv1), conv1);
        register_module(nameof(bn1), bn1);
        for (var stage = 0; stage < _stages.Length; stage++)
        {
            register_module(StageNames[stage + 1], nn.ModuleList(_stages[stage]));
        }

        register_module(nameof(fc), fc);
        if (seed is { } value)
        {
            WeightInitialization.LikeTorchvision(this, new DeterministicRandom(value));
        }
    }

    /// <summary>The number of features the network describes an image by: the means of its last channels, 512.</summary>
    public override int FeaturesPerImage => Features;

    internal static IReadOnlyList<string> StageNames { get; } = ["stem", "layer1", "layer2", "layer3", "layer4"];
    internal override string HeadPrefix => "fc.";

    // Every window is odd and padded by half: the first element looks at the first pixel's middle.
    internal override IReadOnlyDictionary<string, LayerGrid> LayerGrids { get; } =
        StageNames.Index().ToDictionary(stage => stage.Item, stage => new LayerGrid(0.5, Math.Max(4, 2 << stage.Index)));

    internal override double NormMomentum { get; set; } = NormSettings.DefaultMomentum;

    internal static new IReadOnlyDictionary<string, long[]> WeightShapes(ClassifierOptions options)
    {
        var shapes = new Dictionary<string, long[]> { ["conv1.weight"] = [StemChannels, options.Channels, 7, 7] };
        AddNorm(shapes, "bn1", StemChannels);
        for (var stage = 0; stage < StageChannels.Length; stage++)
        {
            var (inputs, outputs) = (InputChannels(stage), StageChannels[stage]);
            for (var block = 0; block < 2; block++, inputs = outputs)
            {
                var name = $"{StageNames[stage + 1]}.{block}";
                shapes[$"{name}.conv1.weight"] = [outputs, inputs, 3, 3];
                AddNorm(shapes, $"{name}.bn1", outputs);
                shapes[$"{name}.conv2.weight"] = [outputs, outputs, 3, 3];
                AddNorm(shapes, $"{name}.bn2", outputs);
                if (inputs != outputs)
                {
                    shapes[$"{name}.downsample.0.weight"] = [outputs, inputs, 1, 1];
                    AddNorm(shapes, $"{name}.downsample.1", outputs);
                }
            }
        }

        shapes["fc.weight"] = [options.Classes, Features];
        shapes["fc.bias"] = [options.Classes];
        return shapes;
    }

    /// <summary>What is taken off each channel of images in [0, 1], and what it is then divided by; one number stands for all channels.</summary>
    internal static (float[] Mean, float[] Deviation) StandardizationOf(int channels) =>
        channels == ImageNetMean.Length ? (ImageNetMean, ImageNetDeviation) : ([ImageNetMean.Average()], [ImageNetDeviation.Average()]);

    internal static new IEnumerable<(LayerSpec Layer, bool InBFloat16)> LayersOf(ClassifierOptions options) =>
    [
        (Stem(options), true),
        .. Enumerable.Range(0, StageChannels.Length).SelectMany(stage => BasicBlock.LayersOf(InputChannels(stage), StageChannels[stage], StrideOf(stage))
            .Concat(BasicBlock.LayersOf(StageChannels[stage], StageChannels[stage], stride: 1)).Select(layer => (layer, true))),
        (Head(options), false),
    ];

    private protected override Tensor RunStage(int stage, Tensor x) => stage == 0
        ? RunStem(x) // (N, 64, H/4, W/4)
        : _stages[stage - 1].Aggregate(x, (activations, block) => block.Run(activations, SettingsOf(stage)));

    private protected override Tensor Summarize(Tensor x) => x.mean([2L, 3L], type: ScalarType.Float32); // (N, 512)

    private protected override Tensor Classify(Tensor features) => Head(Options).Apply(features, fc.weight, fc.bias); // (N, classes)

    private protected override string? FindMisfit(long height, long width) =>
        Math.Min(height, width) >= SmallestImage ? null : $"at least {SmallestImage}, at least {SmallestImage}";

    private protected override IEnumerable<string> PrefixesOf(string stage) => stage == StageNames[0] ? ["conv1.", "bn1."] : base.PrefixesOf(stage);

    private static LayerSpec Stem(ClassifierOptions options) => new(LayerKind.Conv, options.Channels, StemChannels, Kernel: 7, Stride: 2, Padding: 3);

    private static LayerSpec Head(ClassifierOptions options) => new(LayerKind.Linear, Features, options.Classes);

    private static int InputChannels(int stage) => stage == 0 ? StemChannels : StageChannels[stage - 1];

    private static int StrideOf(int stage) => stage == 0 ? 1 : 2;

    private static void AddNorm(Dictionary<string, long[]> shapes, string name, long channels)
    {
        foreach (var part in new[] { "weight", "bias", "running_mean", "running_var" })
        {
            shapes[$"{name}.{part}"] = [channels];
        }

        shapes[$"{name}.num_batches_tracked"] = [];
    }

    private static Tensor PerChannel(float[] values, Device device) => tensor(values, [1, values.Length, 1, 1], device: device);

    private NormSettings SettingsOf(int stage) => new(training && stage >= FrozenStages, NormMomentum);

    private Tensor RunStem(Tensor images)
    {
        var x = KernelMemory.FromChannelsLast(KernelMemory.ToChannelsLast(Standardize(images)));
        x = Stem(Options).Apply(PrecisionScope.Of(Precision) == Precision.BFloat16 ? x.to(ScalarType.BFloat16) : x, conv1.weight); // (N, 64, H/2, W/2)
        return nn.functional.max_pool2d(ResNetLayers.NormRelu(x, bn1, SettingsOf(0)), 3, 2, 1); // (N, 64, H/4, W/4)
    }

    private Tensor Standardize(Tensor images)
    {
        var (mean, deviation) = StandardizationOf(Options.Channels);
        return images.sub(PerChannel(mean, images.device)).div_(PerChannel(deviation, images.device));
    }
}
