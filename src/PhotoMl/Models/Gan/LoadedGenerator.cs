namespace PhotoMl.Models;

/// <summary>A generator read from a file, with what the file stores beside its weights.</summary>
internal sealed class LoadedGenerator(DcganGenerator model, GeneratorInfo info, string hash) : IDisposable
{
    /// <summary>The network, in evaluation mode; owned by this object.</summary>
    public DcganGenerator Model { get; } = model;

    public GeneratorInfo Info { get; } = info;

    /// <summary>The SHA-256 of its weights; see <see cref="ModelHash"/>.</summary>
    public string Hash { get; } = hash;

    public void Dispose() => Model.Dispose();
}
