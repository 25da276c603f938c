using static TorchSharp.torch;

namespace PhotoMl.Tests;

/// <summary>All weights of a network as bytes, with the statistics of batch norm, to compare them bit for bit.</summary>
internal static class WeightBytes
{
    public static byte[] Of(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return [.. network.parameters().Concat(network.buffers()).SelectMany(weight => weight.detach().bytes.ToArray())];
    }
}
