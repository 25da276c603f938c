using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>The exponential moving average of a network's weights.</summary>
/// <remarks>Early on it is short, so that the starting weights are soon forgotten: of step t the decay is at most (1 + t) / (10 + t).</remarks>
internal static class WeightAverage
{
    /// <summary>Lets the average follow the weights after a step.</summary>
    /// <param name="average">The network that holds the average; changed.</param>
    /// <param name="network">The network being trained.</param>
    /// <param name="decay">How much of the average stays, in [0, 1).</param>
    /// <param name="step">The steps made so far, from 1.</param>
    public static void Follow(nn.Module average, nn.Module network, double decay, long step)
    {
        var share = 1 - Math.Min(decay, (1.0 + step) / (10.0 + step));
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        foreach (var (followed, parameter) in average.parameters().Zip(network.parameters()))
        {
            followed.lerp_(parameter, share);
        }
    }
}
