using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Starting weights of a residual network as torchvision draws them.</summary>
internal static class ResNetInitialization
{
    /// <summary>Fills the convolutions and the dense layer; batch norm begins as the identity already.</summary>
    /// <remarks>
    /// Convolutions: normal of variance 2 / (outputs x kernel area), K. He et al., "Delving Deep into Rectifiers", ICCV 2015, section 2.2 (backward case).
    /// Dense: weights and biases uniform in [-l, l] with l = 1 / sqrt(inputs), the default of PyTorch's Linear.
    /// </remarks>
    public static void Initialize(nn.Module network, DeterministicRandom random)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var limit = 0.0;
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (parameter.dim() == 4)
            {
                var deviation = Math.Sqrt(2.0 / (parameter.shape[0] * parameter.shape[2] * parameter.shape[3]));
                Fill(parameter, random.NextGaussians((int)parameter.numel(), deviation));
            }
            else if (name is "fc.weight" or "fc.bias")
            {
                limit = parameter.dim() == 2 ? 1 / Math.Sqrt(parameter.shape[1]) : limit;
                Fill(parameter, [.. Enumerable.Range(0, (int)parameter.numel()).Select(_ => (float)random.NextDouble(-limit, limit))]);
            }
        }
    }

    private static void Fill(Tensor parameter, float[] values) => parameter.copy_(tensor(values, parameter.shape));
}
