namespace PhotoMl.Models;

/// <summary>Starting weights of a network, drawn in the order of its parameters; batch norm begins as the identity already.</summary>
internal static class WeightInitialization
{
    /// <summary>As Keras draws them: weights Glorot-uniform, biases zero, as they are already; none without a seed.</summary>
    /// <remarks>
    /// Uniform in [-l, l] with l = sqrt(6 / (fan in + fan out)): X. Glorot, Y. Bengio, "Understanding the difficulty of training
    /// deep feedforward neural networks", AISTATS 2010, eq. 16; the default of Keras' Conv2D and Dense.
    /// </remarks>
    public static void LikeKeras(nn.Module network, long? seed) => Draw(network, seed, (parameter, random) =>
    {
        if (parameter.dim() > 1)
        {
            var (outputs, inputs) = (parameter.shape[0], parameter.shape[1]);
            FillUniform(parameter, Math.Sqrt(6.0 / (parameter.numel() / (outputs * inputs) * (outputs + inputs))), random);
        }
    });

    /// <summary>As torchvision draws those of a residual network; none without a seed.</summary>
    /// <remarks>
    /// Convolutions: normal of variance 2 / (outputs x kernel area), K. He et al., "Delving Deep into Rectifiers", ICCV 2015, section 2.2
    /// (backward case). Dense: weights and biases uniform in [-l, l] with l = 1 / sqrt(inputs), the default of PyTorch's Linear.
    /// </remarks>
    public static void LikeTorchvision(nn.Module network, long? seed) => Draw(network, seed, (parameter, random) =>
    {
        if (parameter.dim() == 4)
        {
            var deviation = Math.Sqrt(2.0 / (parameter.numel() / parameter.shape[1]));
            parameter.copy_(tensor(random.NextGaussians((int)parameter.numel(), deviation), parameter.shape));
        }
        else if (parameter.dim() == 2)
        {
            var limit = 1 / Math.Sqrt(parameter.shape[1]);
            FillUniform(parameter, limit, random);
            FillUniform(network.get_parameter("fc.bias")!, limit, random);
        }
    });

    private static void Draw(nn.Module network, long? seed, Action<Tensor, DeterministicRandom> fill)
    {
        if (seed is null)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var random = new DeterministicRandom(seed.Value);
        foreach (var parameter in network.parameters())
        {
            fill(parameter, random);
        }
    }

    private static void FillUniform(Tensor parameter, double limit, DeterministicRandom random)
    {
        float[] values = [.. Enumerable.Range(0, (int)parameter.numel()).Select(_ => (float)random.NextDouble(-limit, limit))];
        parameter.copy_(tensor(values, parameter.shape));
    }
}
