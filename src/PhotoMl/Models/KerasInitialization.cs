using PhotoMl.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Starting weights as Keras draws them.</summary>
internal static class KerasInitialization
{
    public static void Initialize(Conv2d layer, DeterministicRandom random) => Initialize(layer.weight, layer.bias, random);

    public static void Initialize(Linear layer, DeterministicRandom random) => Initialize(layer.weight, layer.bias, random);

    /// <summary>Fills a weight of any layer with Glorot-uniform numbers, and its bias with zeros.</summary>
    /// <remarks>
    /// Uniform in [-l, l] with l = sqrt(6 / (fan in + fan out)): X. Glorot, Y. Bengio, "Understanding the difficulty of training
    /// deep feedforward neural networks", AISTATS 2010, eq. 16; the default of Keras' Conv2D and Dense.
    /// </remarks>
    public static void Initialize(Tensor weight, Tensor? bias, DeterministicRandom random)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var receptiveField = weight.shape.Skip(2).Aggregate(1L, (product, size) => product * size);
        var limit = Math.Sqrt(6.0 / (receptiveField * (weight.shape[0] + weight.shape[1])));
        var values = new float[weight.numel()];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextDouble(-limit, limit);
        }

        weight.copy_(tensor(values, weight.shape));
        bias?.zero_();
    }
}
