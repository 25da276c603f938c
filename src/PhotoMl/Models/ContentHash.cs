using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>The SHA-256 of what a file of ours holds, stored in the file itself, so that a flipped bit is noticed.</summary>
internal static class ContentHash
{
    public const string Key = "photoml.sha256";

    public static string Of(string json, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var hash = Begin(json);
        foreach (var (name, tensor) in tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            AppendTyped(hash, name, tensor);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static void Check(SafetensorsReader reader, string json)
    {
        if (!reader.Metadata.TryGetValue(Key, out var expected))
        {
            throw new InvalidModelException(reader.Path, "the SHA-256 of its content", "none");
        }

        using var hash = Begin(json);
        foreach (var name in reader.Tensors.Keys.Order(StringComparer.Ordinal))
        {
            using var tensor = reader.ReadTensor(name);
            AppendTyped(hash, name, tensor);
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != expected)
        {
            throw new InvalidModelException(reader.Path, $"content of SHA-256 {expected}", $"{found}: the file is damaged or was changed");
        }
    }

    /// <summary>Adds a tensor to a hash: its name, shape and little-endian values.</summary>
    public static void Append(IncrementalHash hash, string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        hash.AppendData(Encoding.UTF8.GetBytes($"{name} ({string.Join(",", tensor.shape)})\n"));
        TensorMemory.ForEachPiece(tensor.detach().cpu().contiguous(), (piece, _) => hash.AppendData(piece));
    }

    private static void AppendTyped(IncrementalHash hash, string name, Tensor tensor)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{SafetensorsFormat.NameOf(tensor.dtype)} "));
        Append(hash, name, tensor);
    }

    private static IncrementalHash Begin(string json)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{json}\n"));
        return hash;
    }
}

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
