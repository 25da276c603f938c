using PhotoMl.Kernels;
using TorchSharp.Modules;

namespace PhotoMl.Models;

/// <summary>A block of a residual network: two 3x3 convolutions whose result is added to the input.</summary>
/// <remarks>
/// ReLU(bn2(conv2(ReLU(bn1(conv1(x))))) + s(x)), where s is the identity, or a 1x1 convolution with batch norm where the block changes the
/// size: K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, figure 2 and option B of section 3.3;
/// names as torchvision's.
/// </remarks>
internal sealed class BasicBlock : nn.Module
{
    private readonly Layer conv1;
    private readonly BatchNorm2d bn1;
    private readonly Layer conv2;
    private readonly BatchNorm2d bn2;
    private readonly ModuleList<nn.Module>? downsample;

    public BasicBlock(int inputs, int outputs, int stride, Device? device)
        : base(nameof(BasicBlock))
    {
        conv1 = Conv(new(LayerKind.Conv, inputs, outputs, Kernel: 3, stride, Padding: 1));
        bn1 = nn.BatchNorm2d(outputs, device: device);
        conv2 = Conv(new(LayerKind.Conv, outputs, outputs, Kernel: 3, Padding: 1));
        bn2 = nn.BatchNorm2d(outputs, device: device);
        if (stride != 1 || inputs != outputs)
        {
            var conv = Conv(new(LayerKind.Conv, inputs, outputs, Kernel: 1, stride));
            downsample = nn.ModuleList<nn.Module>(conv, nn.BatchNorm2d(outputs, device: device));
        }

        RegisterComponents();

        Layer Conv(LayerSpec spec) => new(spec, device, hasBias: false, inBFloat16: true);
    }

    public Tensor Run(Tensor x, NormSettings settings)
    {
        var y = conv2.Apply(Normalize(conv1.Apply(x), bn1, settings));
        var shortcut = downsample is null
            ? x
            : Normalize(((Layer)downsample[0]).Apply(x), (BatchNorm2d)downsample[1], settings with { Slope = 1 });
        return Normalize(y, bn2, settings, shortcut);
    }

    // The variance of a single pixel is NaN, and would become the running one: such a batch is normalized by what was seen before.
    public static Tensor Normalize(Tensor x, BatchNorm2d layer, NormSettings settings, Tensor? addend = null)
    {
        settings = settings with { Training = settings.Training && x.numel() > x.shape[1] };
        if (settings.Training)
        {
            using var withoutGradients = no_grad();
            layer.num_batches_tracked!.add_(1);
        }

        return settings.Apply(x, layer, addend);
    }
}
