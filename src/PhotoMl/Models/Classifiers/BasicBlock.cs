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
    private readonly int _stride;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    /// <param name="inputs">The channels of its input.</param>
    /// <param name="outputs">The channels of its output.</param>
    /// <param name="stride">By how much it shrinks its input, 1 or 2.</param>
    public BasicBlock(int inputs, int outputs, int stride)
        : base(nameof(BasicBlock))
    {
        _stride = stride;
        conv1 = nn.Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false);
        bn1 = nn.BatchNorm2d(outputs);
        conv2 = nn.Conv2d(outputs, outputs, 3, padding: 1, bias: false);
        bn2 = nn.BatchNorm2d(outputs);
        if (stride != 1 || inputs != outputs)
        {
            downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride: stride, bias: false), nn.BatchNorm2d(outputs));
        }

        RegisterComponents();
    }

    /// <summary>Computes the block as a module would; <see cref="Run"/> says how batch norm works.</summary>
    public override Tensor forward(Tensor input) => Run(input, new NormSettings(training, NormSettings.DefaultMomentum));

    /// <summary>Computes the block.</summary>
    /// <param name="x">Activations, (N, inputs, H, W), float32 or bfloat16.</param>
    /// <param name="settings">How batch norm works.</param>
    /// <returns>Activations, (N, outputs, ceil(H/stride), ceil(W/stride)), of the same dtype.</returns>
    public Tensor Run(Tensor x, NormSettings settings)
    {
        var y = ResNetLayers.NormRelu(ResNetLayers.Convolve(x, conv1, _stride, 1), bn1, settings);
        y = ResNetLayers.Convolve(y, conv2, 1, 1);
        return ResNetLayers.NormAddRelu(y, bn2, Shortcut(x, settings), settings);
    }

    // A field of its own would give its layers a second name.
    private Tensor Shortcut(Tensor x, NormSettings settings) => downsample is null
        ? x
        : ResNetLayers.Norm(ResNetLayers.Convolve(x, (Conv2d)downsample[0], _stride, 0), (BatchNorm2d)downsample[1], settings);
}
