namespace PhotoMl.Models;

/// <summary>A generator on disk: a safetensors file whose header says how it was made.</summary>
/// <remarks>
/// The tensors have PyTorch's names and layouts. The header's <c>__metadata__</c> has two entries. <c>photoml</c> is a JSON object of
/// <see cref="GeneratorInfo"/> and a few pictures that are made again whenever the file is loaded; the other is the SHA-256 of all that.
/// </remarks>
internal static class GeneratorFile
{
    private const int FirstHashedFormat = 2;

    /// <summary>Writes a generator; what stood there before stays until the new file is whole.</summary>
    public static void Save(string path, DcganGenerator model, GeneratorInfo info) => ModelFile.Write(
        path, model, new StoredGenerator(info with { FormatVersion = GeneratorInfo.CurrentFormat }, GoldenPictures.Take(model)));

    /// <summary>Reads a generator and checks that it makes the pictures it made when it was saved.</summary>
    public static LoadedGenerator Load(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        var stored = ModelFile.ReadStored<StoredGenerator>(
            reader, GeneratorInfo.GeneratorKind, GeneratorInfo.CurrentFormat, stored => CheckFits(reader, stored.Info));
        var (info, isHashed) = (stored.Info, stored.Info.FormatVersion >= FirstHashedFormat);
        return ModelFile.ReadNetwork(
            reader, GeneratorInfo.GeneratorKind, isHashed, device => new DcganGenerator(info.Network, seed: null, device), model =>
            {
                stored.GoldenPictures.Check(reader, model);
                return new LoadedGenerator(model, info, ModelHash.Of(model));
            });
    }

    private static void CheckFits(SafetensorsReader reader, GeneratorInfo info) => reader.Require(
        !info.ClassNames.Contains(null!) && (info.Network.Classes == 0 || info.ClassNames.Count == info.Network.Classes),
        $"{info.Network.Classes} class names",
        info.ClassNames.Count(name => name is not null));

    private sealed record StoredGenerator(GeneratorInfo Info, GoldenPictures GoldenPictures);
}

/// <summary>A generator read from a file, with what the file stores beside its weights.</summary>
internal sealed record LoadedGenerator(DcganGenerator Model, GeneratorInfo Info, string Hash) : IDisposable
{
    public void Dispose() => Model.Dispose();
}
