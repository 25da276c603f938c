using System.Security.Cryptography;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>A hash that distinguishes models by their weights, whatever else is stored in their files.</summary>
internal static class ModelHash
{
    public static string Of(nn.Module network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in NetworkWeights.Named(network).OrderBy(weight => weight.Key, StringComparer.Ordinal))
        {
            ContentHash.Append(hash, name, tensor);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
