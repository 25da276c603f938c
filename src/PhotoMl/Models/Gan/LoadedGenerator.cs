namespace PhotoMl.Models;

/// <summary>A generator read from a file, with what the file says of it.</summary>
/// <param name="Model">The network, in evaluation mode; owned by this object.</param>
/// <param name="Info">What the file says of it.</param>
/// <param name="Hash">The SHA-256 of its weights; see <see cref="ModelHash"/>.</param>
public sealed record LoadedGenerator(DcganGenerator Model, GeneratorInfo Info, string Hash) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
