namespace PhotoMl.Models;

/// <summary>A classifier read from a file, with what the file stores beside its weights.</summary>
/// <param name="model">The network, in evaluation mode; owned by this object.</param>
/// <param name="info">What the file stores beside the weights.</param>
/// <param name="conformal">What new images are compared with to find the classes they may be of; null where the file has nothing of it. Owned by this object.</param>
internal sealed class LoadedClassifier(ImageClassifier model, ClassifierInfo info, ConformalReference? conformal = null) : IDisposable
{
    /// <summary>The network, in evaluation mode; owned by this object.</summary>
    public ImageClassifier Model { get; } = model;

    /// <summary>What the file stores beside the weights.</summary>
    public ClassifierInfo Info { get; } = info;

    /// <summary>What new images are compared with to find the classes they may be of; null where the file has nothing of it. Owned by this object.</summary>
    public ConformalReference? Conformal { get; } = conformal;

    /// <inheritdoc/>
    public void Dispose()
    {
        Conformal?.Dispose();
        Model.Dispose();
    }
}
