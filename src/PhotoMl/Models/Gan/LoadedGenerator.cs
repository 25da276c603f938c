namespace PhotoMl.Models;

/// <summary>A generator read from a file, with what the file stores beside its weights.</summary>
/// <param name="model">The network, in evaluation mode; owned by this object.</param>
/// <param name="info">What the file stores beside the weights.</param>
/// <param name="hash">The SHA-256 of its weights; see <see cref="ModelHash"/>.</param>
internal sealed class LoadedGenerator(DcganGenerator model, GeneratorInfo info, string hash) : IDisposable
{
    /// <summary>The network, in evaluation mode; owned by this object.</summary>
    public DcganGenerator Model { get; } = model;

    /// <summary>What the file stores beside the weights.</summary>
    public GeneratorInfo Info { get; } = info;

    /// <summary>The SHA-256 of its weights; see <see cref="ModelHash"/>.</summary>
    public string Hash { get; } = hash;

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
