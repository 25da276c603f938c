namespace PhotoMl.Tests.Models;

/// <summary>Safetensors files made by hand, so that what is tested is not what wrote them.</summary>
internal static class SafetensorsFile
{
    public const string Name = "a.safetensors";

    public static byte[] Build(string header, int dataLength) => Build(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] Build(byte[] header, int dataLength)
    {
        var file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    public static SafetensorsReader Open(byte[] file) => SafetensorsReader.Open(Name, new MemoryStream(file));

    /// <summary>Writes a file without metadata, or with some.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, Dictionary<string, string>? metadata = null) =>
        SafetensorsWriter.Write(path, [.. tensors], metadata ?? []);
}
