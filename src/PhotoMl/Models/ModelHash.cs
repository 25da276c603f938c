using System.Security.Cryptography;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>A hash that distinguishes models by their weights, whatever else is stored in their files.</summary>
internal static class ModelHash
{
    /// <summary>Computes the hash of a network's weights.</summary>
    /// <param name="network">The network.</param>
    /// <returns>A SHA-256 in hexadecimal over the name, shape and little-endian values of every weight, in the order of their names.</returns>
    public static string Of(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in NetworkWeights.Named(network).OrderBy(weight => weight.Key, StringComparer.Ordinal))
        {
            ContentHash.Append(hash, name, tensor);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
