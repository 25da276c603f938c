namespace PhotoMl.Tests.Models;

/// <summary>A small valid generator file.</summary>
internal static class GeneratorFileBytes
{
    public static readonly DcganOptions Network = new() { Latent = 4, Classes = 3 };

    private static readonly Lazy<EditableModelFile> Bytes = new(Create);

    public static EditableModelFile File => Bytes.Value;

    public static byte[] Valid => File.Valid;

    private static EditableModelFile Create()
    {
        using var folder = new TemporaryFolder();
        using var model = Generators.Create(Network, seed: 3);
        GeneratorFile.Save(folder.File("model.safetensors"), model, Generators.Info(Network));
        return new EditableModelFile(System.IO.File.ReadAllBytes(folder.File("model.safetensors")));
    }
}
