using PhotoMl.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>The layers of a residual network, whose weights are PyTorch's and whose arithmetic is that of the kernels.</summary>
internal static class ResNetLayers
{
    public const double Epsilon = 1e-5;

    public static Tensor Norm(Tensor x, BatchNorm2d layer, NormSettings settings) => Normalize(x, layer, settings, slope: 1);

    public static Tensor NormRelu(Tensor x, BatchNorm2d layer, NormSettings settings) => Normalize(x, layer, settings, slope: 0);

    public static Tensor NormAddRelu(Tensor x, BatchNorm2d layer, Tensor other, NormSettings settings) => Normalize(x, layer, settings, slope: 0, other);

    // The variance of a single pixel is no number, and would become the running one: such a batch is normalised by what was seen before.
    private static bool IsTrained(Tensor x, BatchNorm2d layer, NormSettings settings)
    {
        if (!settings.Training || x.numel() <= x.shape[1])
        {
            return false;
        }

        using var withoutGradients = no_grad();
        layer.num_batches_tracked!.add_(1);
        return true;
    }

    private static Tensor Normalize(Tensor x, BatchNorm2d layer, NormSettings settings, double slope, Tensor? addend = null) => BatchNormLeaky.Apply(
        x, layer.weight!, layer.bias!, layer.running_mean!, layer.running_var!, IsTrained(x, layer, settings), settings.Momentum, Epsilon, slope, addend);
}

/// <summary>How batch norm works in a pass.</summary>
internal readonly record struct NormSettings(bool Training, double Momentum)
{
    public const double DefaultMomentum = 0.1;
}
