using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Starting weights of a network, drawn in the order of its parameters; batch norm begins as the identity already.</summary>
internal static class WeightInitialization
{
    /// <summary>As Keras draws them: weights Glorot-uniform, biases zero.</summary>
    /// <remarks>
    /// Uniform in [-l, l] with l = sqrt(6 / (fan in + fan out)): X. Glorot, Y. Bengio, "Understanding the difficulty of training
    /// deep feedforward neural networks", AISTATS 2010, eq. 16; the default of Keras' Conv2D and Dense.
    /// </remarks>
    public static void LikeKeras(nn.Module network, DeterministicRandom random)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            var shape = parameter.shape;
            if (shape.Length > 1)
            {
                var receptiveField = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                FillUniform(parameter, Math.Sqrt(6.0 / (receptiveField * (shape[0] + shape[1]))), random);
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                parameter.zero_();
            }
        }
    }

    /// <summary>As torchvision draws those of a residual network.</summary>
    /// <remarks>
    /// Convolutions: normal of variance 2 / (outputs x kernel area), K. He et al., "Delving Deep into Rectifiers", ICCV 2015, section 2.2 (backward case).
    /// Dense: weights and biases uniform in [-l, l] with l = 1 / sqrt(inputs), the default of PyTorch's Linear.
    /// </remarks>
    public static void LikeTorchvision(nn.Module network, DeterministicRandom random)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var limit = 0.0;
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (parameter.dim() == 4)
            {
                var deviation = Math.Sqrt(2.0 / (parameter.shape[0] * parameter.shape[2] * parameter.shape[3]));
                parameter.copy_(tensor(random.NextGaussians((int)parameter.numel(), deviation), parameter.shape));
            }
            else if (name is "fc.weight" or "fc.bias")
            {
                limit = parameter.dim() == 2 ? 1 / Math.Sqrt(parameter.shape[1]) : limit;
                FillUniform(parameter, limit, random);
            }
        }
    }

    private static void FillUniform(Tensor parameter, double limit, DeterministicRandom random)
    {
        var values = new float[parameter.numel()];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextDouble(-limit, limit);
        }

        parameter.copy_(tensor(values, parameter.shape));
    }
}
