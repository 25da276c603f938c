using System.Security.Cryptography;
using System.Text;

namespace PhotoMl.Models;

/// <summary>The SHA-256 of what a file of ours holds, stored in the file itself, so that a flipped bit is noticed.</summary>
internal static class ContentHash
{
    public static string Of(string start, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool withDtypes)
    {
        var named = tensors.ToDictionary();
        return Of(start, named.Keys, name => named[name], withDtypes);
    }

    /// <summary>Hashes a text, then of each tensor in the order of their names its name, shape and little-endian values.</summary>
    internal static string Of(string start, IEnumerable<string> names, Func<string, Tensor> read, bool withDtypes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(start));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            var tensor = read(name);
            var dtype = withDtypes ? $"{TensorDtype.Of(tensor).Name} " : "";
            hash.AppendData(Encoding.UTF8.GetBytes($"{dtype}{name} ({string.Join(",", tensor.shape)})\n"));
            TensorMemory.ForEachPiece(tensor, piece => hash.AppendData(piece));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>A hash that distinguishes models by their weights, whatever else is stored in their files.</summary>
internal static class ModelHash
{
    public static string Of(nn.Module network) => ContentHash.Of("", NetworkWeights.Named(network), withDtypes: false);
}
