using System.Buffers.Binary;
using System.Text;
using PhotoMl.Models;

namespace PhotoMl.Tests.Models;

/// <summary>Safetensors files made by hand, so that what is tested is not what wrote them.</summary>
internal static class SafetensorsFile
{
    public static byte[] Build(string header, int dataLength) => Build(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] Build(byte[] header, int dataLength)
    {
        var file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    public static byte[] ReadBytes(this SafetensorsReader reader, string name)
    {
        using var tensor = reader.ReadTensor(name);
        return tensor.bytes.ToArray();
    }

    /// <summary>Opens a file and reads all of it, so that nothing it holds is left unchecked.</summary>
    public static void ReadAll(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        foreach (var name in reader.Tensors.Keys)
        {
            reader.ReadTensor(name).Dispose();
        }
    }
}
