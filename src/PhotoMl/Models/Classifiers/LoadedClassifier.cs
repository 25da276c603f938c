namespace PhotoMl.Models;

/// <summary>A classifier read from a file, with what the file says of it.</summary>
/// <param name="Model">The network, in evaluation mode; owned by this object.</param>
/// <param name="Info">What the file says of it.</param>
/// <param name="Conformal">What new images are compared with to tell which classes they may be of; null where the file has nothing of it. Owned by this object.</param>
public sealed record LoadedClassifier(ImageClassifier Model, ClassifierInfo Info, ConformalReference? Conformal = null) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Conformal?.Dispose();
        Model.Dispose();
    }
}
