using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PhotoMl.Cli.Tests;

/// <summary>The tensors of a model file.</summary>
internal static class ModelBytes
{
    /// <summary>The SHA-256 of all tensors' data, which follow the header of a safetensors file.</summary>
    public static string HashOfTensors(string runFolder)
    {
        var bytes = File.ReadAllBytes(Path.Combine(runFolder, "model.safetensors"));
        var header = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(8 + (int)header)));
    }
}
