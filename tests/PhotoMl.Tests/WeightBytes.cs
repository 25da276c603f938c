namespace PhotoMl.Tests;

/// <summary>All weights of a network as bytes, with the statistics of batch norm, to compare them bit for bit.</summary>
internal static class WeightBytes
{
    public static byte[] Of(nn.Module network)
    {
        using var scope = NewDisposeScope();
        var weights = network.parameters().Concat(network.buffers()).Select(weight => weight.detach()).ToList();
        var all = new byte[weights.Sum(weight => weight.numel() * weight.element_size())];
        var rest = all.AsSpan();
        foreach (var weight in weights)
        {
            weight.bytes.CopyTo(rest);
            rest = rest[weight.bytes.Length..];
        }

        return all;
    }
}
