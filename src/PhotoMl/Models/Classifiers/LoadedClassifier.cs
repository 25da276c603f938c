namespace PhotoMl.Models;

/// <summary>A classifier read from a file, with what the file says of it.</summary>
/// <param name="Model">The network, in evaluation mode; owned by this object.</param>
/// <param name="Info">What the file says of it.</param>
public sealed record LoadedClassifier(ImageClassifier Model, ClassifierInfo Info) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
