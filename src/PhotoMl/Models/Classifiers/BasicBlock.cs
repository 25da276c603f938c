using PhotoMl.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>A block of a residual network: two 3x3 convolutions whose result is added to the input.</summary>
/// <remarks>
/// ReLU(bn2(conv2(ReLU(bn1(conv1(x))))) + s(x)), where s is the identity, or a 1x1 convolution with batch norm where the block changes the size:
/// K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, figure 2 and option B of section 3.3; names as torchvision's.
/// </remarks>
internal sealed class BasicBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerSpec _first;
    private readonly LayerSpec _second;
    private readonly LayerSpec _shortcut;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    public BasicBlock(int inputs, int outputs, int stride)
        : base(nameof(BasicBlock))
    {
        (_first, _second, _shortcut) = (First(inputs, outputs, stride), Second(outputs), Shortcut(inputs, outputs, stride));
        conv1 = nn.Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false);
        bn1 = nn.BatchNorm2d(outputs);
        conv2 = nn.Conv2d(outputs, outputs, 3, padding: 1, bias: false);
        bn2 = nn.BatchNorm2d(outputs);
        if (NeedsShortcut(inputs, outputs, stride))
        {
            downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride: stride, bias: false), nn.BatchNorm2d(outputs));
        }

        RegisterComponents();
    }

    public static IEnumerable<LayerSpec> LayersOf(int inputs, int outputs, int stride) =>
        NeedsShortcut(inputs, outputs, stride)
            ? [First(inputs, outputs, stride), Second(outputs), Shortcut(inputs, outputs, stride)]
            : [First(inputs, outputs, stride), Second(outputs)];

    public override Tensor forward(Tensor input) => Run(input, new NormSettings(training, NormSettings.DefaultMomentum));

    public Tensor Run(Tensor x, NormSettings settings)
    {
        var y = ResNetLayers.NormRelu(_first.Apply(x, conv1.weight), bn1, settings);
        y = _second.Apply(y, conv2.weight);
        return ResNetLayers.NormAddRelu(y, bn2, RunShortcut(x, settings), settings);
    }

    private static bool NeedsShortcut(int inputs, int outputs, int stride) => stride != 1 || inputs != outputs;

    private static LayerSpec First(int inputs, int outputs, int stride) => new(LayerKind.Conv, inputs, outputs, Kernel: 3, stride, Padding: 1);

    private static LayerSpec Second(int outputs) => new(LayerKind.Conv, outputs, outputs, Kernel: 3, Padding: 1);

    private static LayerSpec Shortcut(int inputs, int outputs, int stride) => new(LayerKind.Conv, inputs, outputs, Kernel: 1, stride);

    // A field of its own would give its layers a second name.
    private Tensor RunShortcut(Tensor x, NormSettings settings) => downsample is null
        ? x
        : ResNetLayers.Norm(_shortcut.Apply(x, ((Conv2d)downsample[0]).weight), (BatchNorm2d)downsample[1], settings);
}
